import { centos } from "./centos.ts";
import type { Distribution } from "./distribution.ts";

export const rocky: Distribution = {
  ...centos,
  name: "rocky",
  prettyName: "Rocky Linux",
};
