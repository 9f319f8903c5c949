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
] as const;
