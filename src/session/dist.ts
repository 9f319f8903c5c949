import { existsSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { UserError } from "../errors.ts";
import { packageRoot } from "../tools/root.ts";

/** The folder with `sandbox.mjs`, which is mounted into the tools container. */
export function distDirectory(): string {
  const dist = join(packageRoot(), "dist");
  if (existsSync(join(dist, "sandbox.mjs"))) return dist;
  throw new UserError("not-bundled", `There is no sandbox.mjs in ${dist}`, {
    exitCode: ExitCode.host,
    hint: "In a checkout, 'make build' bundles it",
  });
}
