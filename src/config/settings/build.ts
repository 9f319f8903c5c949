import { environment } from "../values/collections.ts";
import { setting } from "./setting.ts";

export const Environment = setting({
  name: "Environment",
  section: "Build",
  scope: "local",
  type: environment,
  long: "--environment",
  short: "-E",
  help: "Environment of package managers and scripts",
});

export const buildSettings = [Environment] as const;
