#!/usr/bin/env node
// Shows where Caisson's summary of a tree differs from the reference's, key by key:
//   node test/parity/compare.mjs [--mkosi PROGRAM-OR-SOURCES] [--caisson PROGRAM] FOLDER [OPTION ...]
// Both get the options and are told of the same machine; the folder is only read. Exits with 1 for differences.
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { environment, normalise } from "./fixtures.mjs";
import { isReferenceBuiltIn, referenceSummary } from "./reference.mjs";
import { differences } from "./report.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { options, folder, words } = readArguments(process.argv.slice(2));
const directory = realpathSync(folder);

const reference = referenceAnswer();
const caisson = caissonAnswer();
const lines = differences(reference, caisson);
for (const line of lines) console.log(line);
for (const { messages } of [reference, caisson]) if (messages !== undefined) console.log(messages.trim());
console.log(reference.error && caisson.error ? "both refuse it" : `${lines.length} differences`);
process.exitCode = lines.length === 0 ? 0 : 1;

function readArguments(argv) {
  const own = argv.findIndex(
    (word, index) => !word.startsWith("--") && !["--mkosi", "--caisson"].includes(argv[index - 1]),
  );
  const { values } = parseArgs({
    args: argv.slice(0, own),
    options: {
      mkosi: { type: "string", default: "mkosi" },
      caisson: { type: "string", default: `${root}dist/caisson.mjs` },
    },
  });
  return { options: values, folder: argv[own], words: argv.slice(own + 1) };
}

function referenceAnswer() {
  const { summary, messages } = referenceSummary(options.mkosi, directory, words, environment);
  return summary === undefined ? { error: true, messages } : comparable(summary, isReferenceBuiltIn);
}

function caissonAnswer() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [options.caisson, "--json", ...words, "summary"], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...environment },
    encoding: "utf8",
    maxBuffer: 100 * 2 ** 20,
  });
  if (status !== 0) return { error: true, messages: stderr || stdout };
  return comparable(withoutOwn(JSON.parse(stdout)), (path) => path.startsWith(`${root}tools-images/`));
}

function comparable(summary, isBuiltIn) {
  return normalise(summary, { tree: directory, above: dirname(directory), isBuiltIn, given: "" });
}

/** Leaves out what no image of the reference has: settings that are Caisson's own. */
function withoutOwn({ Tools, Images }) {
  if (reference.error) return { Tools, Images };
  const known = new Set(reference.Images.flatMap((image) => Object.keys(image)));
  const without = (image) => Object.fromEntries(Object.entries(image).filter(([key]) => known.has(key)));
  return { Tools: Tools === null ? null : without(Tools), Images: Images.map(without) };
}
