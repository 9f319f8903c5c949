import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { helpPage } from "../cli/help.ts";
import { settings } from "../config/settings/index.ts";
import { packageRoot } from "../tools/root.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/** The help page; as data, the settings that the command line takes. */
export async function help({ terminal }: Pick<VerbContext, "terminal">): Promise<VerbResult> {
  const columns = Math.min(120, Math.max(60, terminal.stdout.columns ?? 100));
  const rows = settings.map(({ name, section, long, help }) => ({ name, section, long, help }));
  return { text: helpPage(settings, columns), data: rows };
}

/** `caisson 0.1.0`, from package.json. */
export async function version(): Promise<VerbResult> {
  const { version } = JSON.parse(await readFile(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return { text: `caisson ${version}\n`, data: { version } };
}
