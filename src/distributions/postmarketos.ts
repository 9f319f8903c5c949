import type { Distribution } from "./distribution.ts";

export const postmarketos: Distribution = {
  name: "postmarketos",
  prettyName: "postmarketOS",
  defaultRelease: "edge",
  packageManager: "apk",
  architectures: {
    arm: "armv7",
    arm64: "aarch64",
    loongarch64: "loongarch64",
    "ppc64-le": "ppc64le",
    riscv64: "riscv64",
    x86: "x86",
    "x86-64": "x86_64",
  },
  rootFilesystem: "ext4",
  keysToFetch: true,
  isKernelPackage: (name) => name.startsWith("linux-") && !noKernel.test(name),
};

/** Packages of Alpine Linux and postmarketOS that are named like kernels. */
const noKernel = /-(doc|dev|manual)$|^linux-(tools-|firmware-)|^linux-(timemachine|headers|apfs-rw-src)$/;
