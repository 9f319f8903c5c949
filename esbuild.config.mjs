/**
 * Bundles the two sides into dist/: `node esbuild.config.mjs`.
 *
 * The host side is split: a verb is loaded when it is asked for, which keeps the start of `caisson help` short.
 * The sandbox side is one file, since one file is what is mounted into the tools container.
 */
import { access, chmod, rm } from "node:fs/promises";
import { build } from "esbuild";

/** CommonJS dependencies (dockerode) call `require`, which an ES module does not have. */
const requireBanner =
  'import { createRequire as __createRequire } from "node:module";const require = __createRequire(import.meta.url);';

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
  logLevel: "warning",
  // Optional native parts of ssh2 (below dockerode), which does without them.
  external: ["cpu-features", "*.node"],
};

await rm("dist", { recursive: true, force: true });
await Promise.all([
  build({
    ...shared,
    entryPoints: { caisson: "src/main.ts" },
    splitting: true,
    // Beside the entry, so that `import.meta.url` is one folder below the package in every chunk.
    chunkNames: "[name]-[hash]",
    banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
  }),
  build({ ...shared, entryPoints: { sandbox: "sandbox/main.ts" }, banner: { js: requireBanner } }),
]);
await Promise.all(["dist/caisson.mjs", "dist/sandbox.mjs"].map((file) => access(file)));
await chmod("dist/caisson.mjs", 0o755);
