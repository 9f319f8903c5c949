/**
 * Bundles the two sides into dist/: `node esbuild.config.mjs`.
 *
 * The host side is split: a verb is loaded when it is asked for, which keeps the start of `caisson help` short.
 * The sandbox side is one file, since one file is what is mounted into the tools container.
 */
import { chmod, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

/** What CommonJS dependencies (dockerode, ssh2) take for granted, and an ES module does not have. */
const commonJs = [
  'import { createRequire as __createRequire } from "node:module";',
  "let __required;",
  "const require = (name) => (__required ??= __createRequire(import.meta.url))(name);",
  "const __filename = import.meta.filename, __dirname = import.meta.dirname;",
].join("\n");

/** Parts of dockerode that few calls need, and that take longer to load than all the rest: loaded when called. */
const late = [
  { file: /dockerode\/lib\/docker\.js$/, name: "withSession", module: "./session" },
  { file: /docker-modem\/lib\/modem\.js$/, name: "ssh", module: "./ssh" },
];

const loadLate = {
  name: "load-late",
  setup({ onLoad }) {
    for (const { file, name, module } of late)
      onLoad({ filter: file }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const now = `${name} = require('${module}')`;
        if (!text.includes(now)) throw new Error(`${path} has no "${now}" any more: mend esbuild.config.mjs`);
        return { contents: text.replace(now, `${name} = (...args) => require('${module}')(...args)`) };
      });
  },
};

const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  // Optional native parts of ssh2 (below dockerode), which does without them.
  external: ["cpu-features", "*.node"],
};

const results = await Promise.all([
  build({
    ...shared,
    entryPoints: { caisson: "src/main.ts" },
    splitting: true,
    plugins: [loadLate],
    // Beside the entry, so that `import.meta.url` is one folder below the package in every chunk.
    chunkNames: "[name]-[hash]",
    banner: { js: `#!/usr/bin/env node\n${commonJs}` },
  }),
  build({ ...shared, entryPoints: { sandbox: "sandbox/main.ts" }, banner: { js: commonJs } }),
]);
await chmod("dist/caisson.mjs", 0o755);
await removeStale(results.flatMap(({ metafile }) => Object.keys(metafile.outputs)));

/** Afterwards, and file by file: a caisson that runs may still load one that stays. */
async function removeStale(outputs) {
  const made = new Set(outputs.map((file) => basename(file)));
  const stale = (await readdir("dist")).filter((file) => !made.has(file));
  await Promise.all(stale.map((file) => rm(join("dist", file))));
}
