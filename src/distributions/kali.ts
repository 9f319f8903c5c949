import { debian } from "./debian.ts";
import type { Distribution } from "./distribution.ts";

export const kali: Distribution = {
  name: "kali",
  prettyName: "Kali Linux",
  defaultRelease: "kali-rolling",
  packageManager: debian.packageManager,
  architectures: { arm: "armhf", arm64: "arm64", x86: "i386", "x86-64": "amd64" },
  rootFilesystem: debian.rootFilesystem,
  keysToFetch: debian.keysToFetch,
  isKernelPackage: debian.isKernelPackage,
};
