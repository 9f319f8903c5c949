import { centos } from "./centos.ts";
import type { Distribution } from "./distribution.ts";

export const rhel: Distribution = {
  ...centos,
  name: "rhel",
  prettyName: "RHEL",
};
