import { profileName, textList } from "../values/collections.ts";
import { scripts } from "../values/paths.ts";
import { minimumVersion } from "../values/scalars.ts";
import { setting } from "./setting.ts";

export const Profiles = setting({
  name: "Profiles",
  section: "Config",
  scope: "inherit",
  type: textList({ metavar: "PROFILE", read: profileName, matchable: true }),
  matchable: true,
  inToolsTree: true,
  long: "--profile",
  oldNames: ["Profile"],
  help: "Files and folders of mkosi.profiles/ to read after mkosi.conf.d/",
});

export const Dependencies = setting({
  name: "Dependencies",
  section: "Config",
  scope: "local",
  type: textList({ metavar: "IMAGE" }),
  long: "--dependency",
  help: "Images of mkosi.images/ to build before this one; for the main image, those to build at all",
});

export const PassEnvironment = setting({
  name: "PassEnvironment",
  section: "Config",
  scope: "main",
  type: textList({ metavar: "NAME", separator: "blank" }),
  long: "--pass-environment",
  help: "Variables of Environment= that all other images have as well",
});

export const configSettings = [
  Profiles,
  Dependencies,
  setting({
    name: "MinimumVersion",
    section: "Config",
    scope: "main",
    type: minimumVersion,
    long: "--minimum-version",
    help: "Version of mkosi that the configuration is written for; an older reader refuses it",
  }),
  setting({
    name: "ConfigureScripts",
    section: "Config",
    scope: "local",
    type: scripts,
    long: "--configure-script",
    files: ["mkosi.configure"],
    help: "Programs that get the configuration as JSON and print the one to use",
  }),
  PassEnvironment,
] as const;
