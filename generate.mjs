/**
 * Writes what comes from the tables of settings, verbs and options into docs/: `node generate.mjs`.
 * test/unit/generated.test.ts fails where docs/ is stale.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = await mkdtemp(join(tmpdir(), "caisson-generate-"));
try {
  for (const [path, text] of Object.entries(await generated())) {
    const file = join("docs", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function generated() {
  const outfile = join(folder, "generated.mjs");
  const contents = [
    'import { settings } from "./src/config/settings/index.ts";',
    'import { generatedFiles } from "./src/cli/documentation/files.ts";',
    "export default generatedFiles(settings);",
  ].join("\n");
  // What CommonJS dependencies take for granted.
  const banner = 'import { createRequire } from "node:module";const require = createRequire(import.meta.url);';
  await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    banner: { js: banner },
    outfile,
    logLevel: "warning",
  });
  return (await import(pathToFileURL(outfile).href)).default;
}
