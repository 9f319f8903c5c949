import { environment } from "../values/collections.ts";
import { setting } from "./setting.ts";

export const Environment = setting({
  name: "Environment",
  section: "Build",
  scope: "local",
  type: environment,
  matchable: true,
  inToolsTree: true,
  long: "--environment",
  short: "-E",
  metavar: "NAME[=VALUE]",
  help: "Environment of package managers and scripts",
});
