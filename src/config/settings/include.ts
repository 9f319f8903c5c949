import { pathList } from "../values/paths.ts";
import { setting } from "./setting.ts";

export const Include = setting({
  name: "Include",
  section: "Include",
  scope: "local",
  type: pathList({
    required: true,
    constants: ["mkosi-tools", "mkosi-initrd", "mkosi-vm", "mkosi-addon", "mkosi-obs"],
  }),
  // What was read cannot be unread.
  clearable: false,
  inToolsTree: true,
  inJson: false,
  long: "--include",
  short: "-I",
  help: "Further configuration to read here: files, folders, or names of built-in ones such as mkosi-vm",
});

export const includeSettings = [Include] as const;
