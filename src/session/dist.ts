import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExitCode } from "../../sandbox/protocol.ts";
import { UserError } from "../errors.ts";

/**
 * The folder with `sandbox.mjs`, which is mounted into the tools container: where this file was bundled to, or, run
 * from the sources, `dist` at the root of the checkout.
 */
export function distDirectory(start: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = start; ; folder = dirname(folder)) {
    for (const candidate of [folder, join(folder, "dist")]) {
      if (existsSync(join(candidate, "sandbox.mjs"))) return candidate;
    }
    if (dirname(folder) === folder) {
      throw new UserError("not-bundled", `sandbox.mjs is neither beside nor above ${start}`, {
        exitCode: ExitCode.host,
        hint: "In a checkout, 'make' bundles it",
      });
    }
  }
}
