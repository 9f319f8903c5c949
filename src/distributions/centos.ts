import type { Distribution } from "./distribution.ts";
import { fedora } from "./fedora.ts";

/** CentOS Stream; what is made from the same sources is derived from it. */
export const centos: Distribution = {
  ...fedora,
  name: "centos",
  prettyName: "CentOS",
  defaultRelease: "10",
  architectures: { arm64: "aarch64", "ppc64-le": "ppc64le", s390x: "s390x", "x86-64": "x86_64" },
  rootFilesystem: "xfs",
  toolsTreeDistribution: "fedora",
};
