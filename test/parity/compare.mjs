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
if (lines.length > 0 && (reference.error || caisson.error))
  console.log((reference.messages ?? caisson.messages).trim());
console.log(`${lines.length} differences${reference.error ? ", both or one of them refused" : ""}`);
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

/** Leaves out the settings that the reference does not have. */
function withoutOwn({ Tools, Images }) {
  const without = ({ Engine, Ignore, ...image }) => image;
  return { Tools: Tools === null ? null : without(Tools), Images: Images.map(without) };
}
