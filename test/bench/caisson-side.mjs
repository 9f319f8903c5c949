/**
 * One measured run of caisson, as whoever calls it: `node caisson-side.mjs SCENARIO STATE`.
 * Prints a line of JSON: `{ seconds, megabytes, steps: [{ title, seconds }] }`.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const cli = resolve("dist/caisson.mjs");

/** The image that mmdebstrap makes with `--variant=apt`: essential packages and apt, as a tar without compression. */
const tar = ["--distribution=debian", "--release=trixie", "--package=apt", "--format=tar", "--compress-output=no"];

/** What has to lie ready before the clock starts; a scenario is one measured build. */
const scenarios = {
  cold: { arguments: [...tar, "-ff"], before: (run) => run([...tar, "-f", "build"]) },
  empty: { arguments: tar, before: (run) => run(["-ff", "clean"]) },
  warm: { arguments: tar, before: (run) => run(["-f", "clean"]) },
  unchanged: { arguments: tar, before: (run) => run([...tar, "-f", "build"]) },
  extra: {
    arguments: tar,
    before: (run, folder) => {
      run([...tar, "-f", "build"]);
      writeFileSync(join(folder, "mkosi.extra/etc/bench"), `${process.hrtime.bigint()}\n`);
    },
  },
  disk: { arguments: ["--directory", resolve("examples/debian")], before: (run) => run(["-f", "clean"]) },
};

const scenario = scenarios[process.argv[2]];
if (scenario === undefined) throw new Error(`unknown scenario ${process.argv[2]}`);
const folder = join(homedir(), "caisson-bench");
mkdirSync(join(folder, "mkosi.extra/etc"), { recursive: true });
scenario.before((args) => prepare(args), folder);
// What was removed before is not to be written back while the clock runs; the same goes for the other side.
spawnSync("sync");
console.log(JSON.stringify(await measure([...scenario.arguments, "-f", "build"])));

function prepare(args) {
  const result = spawnSync(process.execPath, [cli, ...args], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (result.status !== 0) throw new Error(`caisson ${args.join(" ")}: exit code ${result.status}`);
}

/** Wall-clock seconds from start to exit of the command line, its peak memory, and its steps. */
async function measure(args) {
  const started = process.hrtime.bigint();
  const child = spawn(process.execPath, [cli, "--json", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let megabytes = 0;
  const poll = setInterval(() => {
    megabytes = Math.max(megabytes, peakMemory(child.pid));
  }, 50);
  const ended = new Promise((settle) => child.once("exit", settle));
  const steps = await readSteps(child.stdout);
  const code = await ended;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  clearInterval(poll);
  if (code !== 0) throw new Error(`caisson ${args.join(" ")}: exit code ${code}`);
  return { seconds, megabytes, steps };
}

async function readSteps(stream) {
  const titles = new Map();
  const steps = [];
  for await (const line of createInterface({ input: stream })) {
    const event = line.startsWith("{") ? JSON.parse(line) : {};
    if (event.type === "step") titles.set(event.id, `${event.image}: ${event.title}`);
    if (event.type === "step-end") steps.push({ title: titles.get(event.id), seconds: event.seconds });
  }
  return steps;
}

/** VmHWM of proc_pid_status(5), in MB; 0 once the process is gone. */
function peakMemory(pid) {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return 0;
    throw error;
  }
}
