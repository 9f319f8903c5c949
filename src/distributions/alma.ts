import { centos } from "./centos.ts";
import type { Distribution } from "./distribution.ts";

export const alma: Distribution = {
  ...centos,
  name: "alma",
  prettyName: "AlmaLinux",
};
