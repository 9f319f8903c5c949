import type { Distribution } from "./distribution.ts";

export const fedora: Distribution = {
  name: "fedora",
  prettyName: "Fedora Linux",
  defaultRelease: "rawhide",
  packageManager: "dnf",
  architectures: {
    arm64: "aarch64",
    "mips-le": "mipsel",
    "mips64-le": "mips64el",
    "ppc64-le": "ppc64le",
    riscv64: "riscv64",
    s390x: "s390x",
    "x86-64": "x86_64",
  },
  rootFilesystem: "btrfs",
  keysToFetch: true,
  isKernelPackage: (name) => name === "kernel" || name === "kernel-core",
};
