/**
 * Caisson against others, on this machine, in turn: `node test/bench/bench.mjs [summary|build|subimages] [ROUNDS]`;
 * without a name all, 3 rounds of builds and 10 of summaries unless told.
 * Summaries are measured against mkosi, builds against mmdebstrap.
 * As root, caisson runs as an ordinary user (test/host/as-user) and mmdebstrap as root. As a user, caisson alone.
 * Prints medians, ratios, and what the time is spent on. The goals are printed beside, and judged by the reader.
 */
import { spawnSync } from "node:child_process";
import { median } from "./median.mjs";
import { benchSubimages } from "./subimages.mjs";
import { benchSummary } from "./summary.mjs";

const [first, second] = process.argv.slice(2);
const part = ["summary", "build", "subimages"].find((name) => name === first);
const given = part === undefined ? first : second;
const rounds = Number(given ?? 3);
const isRoot = process.getuid?.() === 0;

/** `peer`: what mmdebstrap is asked for in the same round. `goal`: seconds, or a share of the peer's time. */
const scenarios = [
  { name: "warm", title: "tar, packages warm", peer: "warm", goal: { share: 0.6 } },
  { name: "cold", title: "tar, packages cold", peer: "cold", goal: { share: 0.6 } },
  { name: "empty", title: "tar, packages and index cold", peer: "cold" },
  { name: "unchanged", title: "tar, nothing changed", goal: { seconds: 2 } },
  { name: "extra", title: "tar, a file of mkosi.extra changed", goal: { seconds: 5 } },
  { name: "disk", title: "bootable disk, packages warm", goal: { seconds: 45 } },
];

if (part === undefined || part === "summary") benchSummary(Number(given ?? 10));
if (part === undefined || part === "build") benchBuilds();
if (part === undefined || part === "subimages") benchSubimages(rounds);

function benchBuilds() {
  const mirror = isRoot ? prepare() : undefined;
  if (mirror === undefined) console.log("mmdebstrap: not measured, it needs root and Debian's apt");
  warmUp(mirror);
  const rows = scenarios.map((scenario) => ({ scenario, ...measure(scenario, mirror) }));
  printTable(rows);
  for (const row of rows) printSteps(row);
}

/** Installs what is missing; gives back the Debian mirror of the host's apt. */
function prepare() {
  run("test/host/prepare", ["--bench"]);
  const uris = output("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]).split("\n");
  return uris.find((uri) => /\/debian\/?$/.test(uri));
}

/** The tools image, and the packages of both images. */
function warmUp(mirror) {
  console.log("warming up");
  for (const name of ["warm", "disk"]) caisson(name);
  if (mirror !== undefined) mmdebstrap("warm", mirror);
}

function measure(scenario, mirror) {
  const ours = [];
  const theirs = [];
  for (let round = 1; round <= rounds; round++) {
    if (scenario.peer !== undefined && mirror !== undefined) theirs.push(mmdebstrap(scenario.peer, mirror));
    ours.push(caisson(scenario.name));
    const peer = theirs.length > 0 ? `, mmdebstrap ${theirs.at(-1).toFixed(2)} s` : "";
    console.log(`${scenario.title}, round ${round}: caisson ${ours.at(-1).seconds.toFixed(2)} s${peer}`);
  }
  return { ours, theirs };
}

function caisson(name) {
  const side = ["node", "test/bench/caisson-side.mjs", name];
  const [command, ...args] = isRoot ? ["test/host/as-user", ...side] : side;
  return JSON.parse(output(command, args).trim().split("\n").at(-1));
}

function mmdebstrap(state, mirror) {
  return Number(output("test/bench/mmdebstrap-side", [state, mirror]));
}

function printTable(rows) {
  console.log(
    `\n${"median of".padEnd(36)}${"caisson".padStart(10)}${"mmdebstrap".padStart(12)}${"ratio".padStart(8)}  goal`,
  );
  for (const { scenario, ours, theirs } of rows) {
    const mine = median(ours.map((sample) => sample.seconds));
    const peer = theirs.length > 0 ? median(theirs) : undefined;
    const goal = describeGoal(scenario.goal);
    console.log(
      `${scenario.title.padEnd(36)}${`${mine.toFixed(2)} s`.padStart(10)}` +
        `${(peer ? `${peer.toFixed(2)} s` : "").padStart(12)}${(peer ? (mine / peer).toFixed(2) : "").padStart(8)}  ${goal}`,
    );
  }
  const memory = Math.max(...rows.flatMap(({ ours }) => ours.map((sample) => sample.megabytes)));
  console.log(
    `${"peak memory of the host process".padEnd(36)}${`${memory.toFixed(0)} MB`.padStart(10)}${"".padStart(20)}  150 MB`,
  );
}

function describeGoal(goal) {
  if (goal === undefined) return "";
  return goal.share ? `ratio ${goal.share}` : `${goal.seconds} s`;
}

/** The round of median length; steps overlap, so that they may add up to more than the whole. */
function printSteps({ scenario, ours }) {
  const middle = median(ours.map((sample) => sample.seconds));
  const sample = ours.find(({ seconds }) => seconds >= middle);
  console.log(`\n${scenario.title}: ${sample.seconds.toFixed(2)} s, of which`);
  const told = sample.steps.filter(({ seconds }) => seconds >= 0.05);
  for (const { title, seconds } of told) console.log(`${seconds.toFixed(2).padStart(8)} s  ${title}`);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: exit code ${status}`);
}

function output(command, args) {
  const options = { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", maxBuffer: 1 << 28 };
  const { status, error, stdout } = spawnSync(command, args, options);
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: exit code ${status}`);
  return stdout;
}
