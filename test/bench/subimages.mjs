/**
 * Independent subimages in one build, and one after another, in turn. Both make the same layers: a new SourceDateEpoch=
 * makes all of them anew, the base of all images among them, which the first build of several makes for the others.
 * The machine must have nothing else to do: the kernel gives a container the share of one program, however many run in it
 * (cpu.shares of cgroups), so that beside other work nothing is gained by running several.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { median } from "./median.mjs";

const cli = resolve("dist/caisson.mjs");
const GOAL = 0.65;
/** No layer of an earlier measurement has this time. */
const START = Math.floor(Date.now() / 1000) - 100_000_000;

/** Packages by subimage. */
const images = {
  one: "curl",
  two: "openssh-client",
  three: "vim-tiny",
  four: "perl",
};

export function benchSubimages(rounds) {
  const folder = makeProject();
  try {
    build(folder, Object.keys(images), 1);
    const samples = [];
    for (let round = 1; round <= rounds; round++) {
      const together = build(folder, Object.keys(images), 10 * round);
      const apart = Object.keys(images).reduce((sum, name) => sum + build(folder, [name], 10 * round + 1), 0);
      samples.push({ together, apart, ratio: together / apart });
      console.log(
        `4 subimages, round ${round}: together ${together.toFixed(2)} s, one after another ${apart.toFixed(2)} s`,
      );
    }
    const middle = (name) => median(samples.map((sample) => sample[name]));
    console.log(
      `\n${"median of".padEnd(36)}${"together".padStart(10)}${"in turn".padStart(12)}${"ratio".padStart(8)}  goal`,
    );
    const [together, apart] = [middle("together"), middle("apart")].map((seconds) => `${seconds.toFixed(2)} s`);
    const ratio = middle("ratio").toFixed(2);
    console.log(
      `${"4 subimages, packages warm".padEnd(36)}${together.padStart(10)}${apart.padStart(12)}${ratio.padStart(8)}  ratio ${GOAL}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), "caisson-bench-"));
  const main = "[Distribution]\nDistribution=debian\nRelease=trixie\n[Output]\nFormat=none\n[Content]\nBootable=no\n";
  writeFileSync(join(folder, "mkosi.conf"), main);
  for (const [name, packages] of Object.entries(images)) {
    const image = join(folder, "mkosi.images", name);
    mkdirSync(image, { recursive: true });
    writeFileSync(join(image, "mkosi.conf"), `[Output]\nFormat=tar\n[Content]\nBootable=no\nPackages=${packages}\n`);
  }
  return folder;
}

/** Seconds. */
function build(folder, names, epoch) {
  const dependencies = names.map((name) => `--dependency=${name}`);
  const start = performance.now();
  const args = [cli, "--json", "-f", `--source-date-epoch=${START + epoch}`, ...dependencies, "build"];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`caisson: exit code ${status}: ${stdout.slice(-2000)}`);
  return (performance.now() - start) / 1000;
}
