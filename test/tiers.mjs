/**
 * Runs tiers of tests: `node test/tiers.mjs [TIER...]`; without names, every tier that this machine can run.
 * The last line is `N passed, N failed[, N skipped]`; the exit code is 1 where anything failed.
 */
import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const isRoot = process.getuid?.() === 0;
const testUser = "caisson-test";

/** What a container engine of root is tested with: the same images and the same boot, not every bad input again. */
const rootfulSet = [
  "test/integration/engine.test.ts",
  "test/integration/build.test.ts",
  "test/integration/oci.test.ts",
  "test/boot/debian.test.ts",
];

/**
 * One row per tier. `command` counts as one test, unless `vitest` is set, which are arguments for vitest, run
 * through `command` where there is one. `missing` says why this machine cannot run it.
 */
const tiers = [
  { name: "format", command: ["biome", "ci", "--colors=off", "--error-on-warnings", "."] },
  { name: "types", command: ["tsc", "-b"] },
  { name: "unit", vitest: ["--project", "unit"] },
  {
    name: "rootless",
    command: isRoot ? ["test/host/as-user"] : [],
    vitest: ["--project", "integration", "--project", "boot"],
    missing: () => missingCommand("podman") ?? (isRoot ? missingUser() : undefined),
  },
  {
    name: "reference",
    command: isRoot ? ["test/host/as-user"] : [],
    vitest: ["--project", "reference"],
    missing: () => missingCommand("podman") ?? (isRoot ? missingUser() : undefined),
  },
  {
    name: "rootful",
    command: ["test/host/with-tools", "podman"],
    vitest: ["--project", "integration", "--project", "boot", ...rootfulSet],
    missing: () => missingRoot() ?? missingCommand("podman"),
  },
  {
    name: "docker",
    command: ["test/host/with-dockerd", "test/host/with-tools", "docker"],
    vitest: ["--project", "integration", "--project", "boot", ...rootfulSet],
    missing: () => missingRoot() ?? missingCommand("dockerd"),
  },
];

const folder = mkdtempSync(join(tmpdir(), "caisson-tally-"));
// The test user writes here as well.
chmodSync(folder, 0o777);
try {
  const results = chosen(process.argv.slice(2)).map(run);
  process.exitCode = report(results);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function chosen(names) {
  const unknown = names.filter((name) => !tiers.some((tier) => tier.name === name));
  if (unknown.length > 0) throw new Error(`no such tier: ${unknown.join(", ")}; known: ${tiers.map((t) => t.name)}`);
  return names.length === 0 ? tiers : tiers.filter((tier) => names.includes(tier.name));
}

/** @returns {{ passed: number, failures: Outcome[], skipped: Outcome[] }} with `Outcome = { test: string, reason: string }` */
function run(tier) {
  const reason = tier.missing?.();
  if (reason !== undefined) return { passed: 0, failures: [], skipped: [{ test: `tier ${tier.name}`, reason }] };
  console.log(`\n== ${tier.name}`);
  const started = Date.now();
  const result = tier.vitest === undefined ? runCommand(tier) : runVitest(tier);
  console.log(`== ${tier.name}: ${Math.round((Date.now() - started) / 1000)} s`);
  return result;
}

function runCommand(tier) {
  const ok = execute(tier.command, {}) === 0;
  const failure = { test: `tier ${tier.name}`, reason: `${tier.command.join(" ")}: see above` };
  return { passed: ok ? 1 : 0, failures: ok ? [] : [failure], skipped: [] };
}

function runVitest(tier) {
  const tally = join(folder, tier.name);
  const vitest = ["node_modules/.bin/vitest", "run", ...tier.vitest];
  const code = execute([...(tier.command ?? []), ...vitest], { CAISSON_TALLY: tally });
  const lines = existsSync(tally)
    ? readFileSync(tally, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const result = lines.reduce(add, { passed: 0, failures: [], skipped: [] });
  // Vitest itself could not start, or died.
  const silent = { test: `tier ${tier.name}`, reason: `vitest ended with exit code ${code}: see above` };
  return code !== 0 && result.failures.length === 0 ? { ...result, failures: [silent] } : result;
}

function execute([command, ...args], environment) {
  const path = [join(process.cwd(), "node_modules/.bin"), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, ...environment };
  const result = spawnSync(command, args, { stdio: "inherit", env });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failures: [...a.failures, ...b.failures],
    skipped: [...a.skipped, ...b.skipped],
  };
}

function report(results) {
  const total = results.reduce(add);
  console.log("");
  for (const { test, reason } of total.skipped) console.log(`skipped: ${test}: ${reason}`);
  // Again at the end: a log of an hour is often read from there, and may be kept only there.
  for (const { test, reason } of total.failures) console.log(`\nfailed: ${test}\n${reason.replace(/^/gm, "    ")}`);
  const skipped = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : "";
  console.log(`${total.passed} passed, ${total.failures.length} failed${skipped}`);
  return total.failures.length > 0 ? 1 : 0;
}

function missingRoot() {
  return isRoot ? undefined : "needs root";
}

function missingUser() {
  const known = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .some((line) => line.startsWith(`${testUser}:`));
  return known ? undefined : `there is no user ${testUser}: test/host/prepare makes one`;
}

function missingCommand(name) {
  const found = (process.env.PATH ?? "").split(delimiter).some((path) => executable(join(path, name)));
  return found ? undefined : `${name} is not installed: test/host/prepare installs it`;
}

function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "EACCES" || error.code === "ENOTDIR") return false;
    throw error;
  }
}
