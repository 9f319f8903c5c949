import { centos } from "./centos.ts";
import type { Distribution } from "./distribution.ts";

/** The part of RHEL that everybody may redistribute, for containers' base images. */
export const rhelUbi: Distribution = {
  ...centos,
  name: "rhel-ubi",
  prettyName: "RHEL UBI",
};
