import type { PackageManager } from "../package-manager.ts";
import { clean, forgetTimes, remove } from "./clean.ts";
import { withCommands } from "./commands.ts";
import { fetchPackages } from "./fetch.ts";
import { install } from "./install.ts";
import { installed } from "./installed.ts";
import { packageName, withLocal } from "./local.ts";
import { resolve, resolveBase } from "./resolve.ts";
import { sync } from "./sync.ts";
import { installBase } from "./unpack.ts";

/** apt and dpkg: Debian, Ubuntu and what is made from them. */
export const apt: PackageManager = {
  sync,
  withLocal,
  packageName,
  resolveBase,
  resolve,
  fetch: fetchPackages,
  installBase,
  install,
  installed,
  remove,
  forgetTimes,
  clean,
  withCommands,
};
