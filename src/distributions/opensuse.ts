import type { Distribution } from "./distribution.ts";

export const opensuse: Distribution = {
  name: "opensuse",
  prettyName: "openSUSE",
  defaultRelease: "tumbleweed",
  packageManager: "zypper",
  architectures: { arm64: "aarch64", "ppc64-le": "ppc64le", riscv64: "riscv64", s390x: "s390x", "x86-64": "x86_64" },
  rootFilesystem: "btrfs",
  keysToFetch: true,
  isKernelPackage: (name) => name === "kernel-default" || name === "kernel-kvmsmall",
};
