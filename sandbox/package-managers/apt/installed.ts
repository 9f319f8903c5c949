import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { BUILDROOT } from "../../run.ts";
import { byCodeUnit } from "../../tree/walk.ts";
import type { InstalledPackage } from "../package-manager.ts";

/** Fields of dpkg-query(1), one line for each package. */
const FORMAT = ["Package", "source:Package", "Version", "Architecture", "Installed-Size", "db:Status-Status"]
  .map((field) => `\${${field}}`)
  .join("\t");

export async function installed(context: Context, root: string): Promise<InstalledPackage[]> {
  if (!existsSync(join(root, "var/lib/dpkg/status"))) return [];
  const argv = ["dpkg-query", `--admindir=${BUILDROOT}/var/lib/dpkg`, "--show", `--showformat=${FORMAT}\n`];
  const { stdout } = await context.run(argv, { root, rootReadOnly: true, stdout: "capture" });
  return readInstalled(stdout);
}

/** Sorted; without what was removed and left its configuration. The size is counted in KiB (deb-control(5)). */
export function readInstalled(text: string): InstalledPackage[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.sort(byCodeUnit).flatMap((line) => {
    const [name = "", source = "", version = "", architecture = "", size = "", status] = line.split("\t");
    if (status !== "installed") return [];
    return [{ type: "deb" as const, name, source, version, architecture, size: Number(size) * 1024 }];
  });
}
