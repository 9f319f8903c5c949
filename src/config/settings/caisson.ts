import { textList } from "../values/collections.ts";
import { trees } from "../values/paths.ts";
import { text } from "../values/scalars.ts";
import { setting } from "./setting.ts";

/** Settings that only Caisson has. The reference passes over sections whose name it does not know. */
export const caissonSettings = [
  setting({
    name: "Engine",
    section: "X-Caisson",
    scope: "main",
    type: text,
    long: "--engine",
    help: "Container engine: podman, docker, or the URL of an engine's socket",
  }),
  setting({
    name: "Ignore",
    section: "X-Caisson",
    scope: "main",
    type: textList({ metavar: "NAME" }),
    long: "--ignore",
    help: "Settings, or codes of problems such as unknown-setting, that a build may pass over",
  }),
  setting({
    name: "TokenTrees",
    section: "X-Caisson",
    scope: "universal",
    type: trees({ absolute: true, required: true }),
    long: "--token-tree",
    help: "Files, folders and sockets of a token that has keys, which only programs that sign are shown",
  }),
] as const;
