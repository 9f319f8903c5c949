/**
 * `caisson summary` of a large configuration against the reference's, in turn. The measure is process time, which is
 * that of the user and of the system together. Prints medians and their ratio.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { median } from "./median.mjs";
import { writeSummaryTree } from "./summary-tree.mjs";

/** Milliseconds. */
const goal = 200;

const forms = [
  { title: "summary, 100 files, 20 subimages", words: ["summary"] },
  { title: "summary --json of the same", words: ["--json", "summary"] },
];

export function benchSummary(rounds) {
  const folder = mkdtempSync(join(tmpdir(), "caisson-bench-"));
  try {
    writeSummaryTree(folder);
    const reference = findReference(folder);
    if (reference.missing !== undefined) console.log(`mkosi: not measured, ${reference.missing}`);
    printTable(forms.map((form) => ({ ...form, ...measure(form.words, reference.program, folder, rounds) })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** MKOSI, a program or a folder with its sources, or what PATH has. */
function findReference(folder) {
  const { MKOSI: given = "mkosi" } = process.env;
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const program = isFolder ? resolve(given, "bin/mkosi") : given;
  const { error, status } = spawnSync(program, ["--version"], { cwd: folder, stdio: "ignore" });
  if (error === undefined && status === 0) return { program };
  return { missing: `${given} does not run: put it on PATH, or name its folder with MKOSI` };
}

function measure(words, reference, folder, rounds) {
  const ours = [];
  const theirs = [];
  for (let round = 0; round <= rounds; round++) {
    const mine = processTime([process.execPath, resolve("dist/caisson.mjs"), ...words], folder);
    const peer = reference === undefined ? undefined : processTime([reference, ...words], folder);
    // The first one is for the caches.
    if (round === 0) continue;
    ours.push(mine);
    if (peer !== undefined) theirs.push(peer);
  }
  return { ours, theirs };
}

/** Milliseconds of processor time that a command takes, with its children. */
function processTime(command, folder) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>/dev/null';
  const { status, stderr } = spawnSync("bash", ["-c", script, "bash", ...command], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command.join(" ")}: exit code ${status}`);
  const [user, system] = stderr.trim().split(" ").map(Number);
  return (user + system) * 1000;
}

function printTable(rows) {
  console.log(
    `\n${"process time, median of".padEnd(36)}${"caisson".padStart(10)}${"mkosi".padStart(12)}${"ratio".padStart(8)}  goal`,
  );
  for (const { title, ours, theirs } of rows) {
    const mine = median(ours);
    const peer = theirs.length > 0 ? median(theirs) : undefined;
    console.log(
      `${title.padEnd(36)}${`${mine.toFixed(0)} ms`.padStart(10)}` +
        `${(peer ? `${peer.toFixed(0)} ms` : "").padStart(12)}${(peer ? (mine / peer).toFixed(2) : "").padStart(8)}  ${goal} ms`,
    );
  }
}
