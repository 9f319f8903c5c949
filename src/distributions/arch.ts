import type { Distribution } from "./distribution.ts";

export const arch: Distribution = {
  name: "arch",
  prettyName: "Arch Linux",
  defaultRelease: "rolling",
  packageManager: "pacman",
  architectures: { arm: "armv7h", arm64: "aarch64", "x86-64": "x86_64" },
  rootFilesystem: "ext4",
  keysToFetch: true,
  isKernelPackage: (name) => /^linux(-lts|-zen|-hardened|-rt|-rt-lts)?$/.test(name),
};
