import { existsSync } from "node:fs";
import { chmod, chown, cp } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, expect, test } from "vitest";
import { caisson, parseEvents, project, remove, succeed } from "../support/caisson.ts";

/** What the host lacks is made so by the test: a PATH without podman, a user without ids, a small file system. */
const configuration =
  "[Distribution]\nDistribution=debian\nRelease=trixie\n[Output]\nFormat=tar\n[Content]\nPackages=apt\n";
const isRoot = process.getuid?.() === 0;
const systemSockets = ["/run/podman/podman.sock", "/var/run/docker.sock"];

/** Of the system, with a home of its own kind, and without subordinate ids on every Debian. */
const daemon = { name: "daemon", id: 1 };

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await remove(folder);
});

async function folder(files: Record<string, string>): Promise<string> {
  const path = await project(files);
  folders.push(path);
  return path;
}

/** The command line, copied to where any user may read it, in an environment of its own. */
async function elsewhere(command: string[], environment: Record<string, string>) {
  const [installed, work] = [await folder({}), await folder({ "mkosi.conf": configuration })];
  for (const name of ["dist", "package.json", "tools-images", "Containerfiles"])
    await cp(name, join(installed, name), { recursive: true });
  for (const path of [installed, work]) await chmod(path, 0o755);
  if (isRoot) await chown(work, daemon.id, daemon.id);
  const [program = "", ...words] = [
    ...command,
    process.execPath,
    join(installed, "dist/caisson.mjs"),
    "--json",
    "build",
  ];
  const env = { HOME: work, XDG_RUNTIME_DIR: work, ...environment };
  const { exitCode, stdout } = await execa(program, words, { cwd: work, extendEnv: false, env, reject: false });
  return { exitCode, error: parseEvents(stdout).find((event) => event.type === "error") };
}

test("no engine: the command that installs one, and exit code 3", async (context) => {
  const socket = systemSockets.find(existsSync);
  if (socket !== undefined) context.skip(`this machine has an engine for everybody: ${socket}`);
  const { exitCode, error } = await elsewhere([], { PATH: "/nonexistent" });
  expect(exitCode).toBe(3);
  expect(error).toMatchObject({
    code: "no-engine",
    message: "No container engine was found: podman or docker was expected.",
    hint: expect.stringMatching(/^Install podman: (sudo )?apt-get install -y podman uidmap /),
  });
});

test("a user without subordinate ids: the command that adds them, and exit code 3", async (context) => {
  if (!isRoot) context.skip("only root can be another user");
  const socket = systemSockets.find(existsSync);
  if (socket !== undefined) context.skip(`this machine has an engine for everybody: ${socket}`);
  const become = ["setpriv", `--reuid=${daemon.id}`, `--regid=${daemon.id}`, "--clear-groups"];
  const { exitCode, error } = await elsewhere(become, { PATH: process.env.PATH ?? "" });
  expect(exitCode).toBe(3);
  expect(error).toMatchObject({
    code: "no-subuids",
    message: "The engine has 1 user id for its containers; images need 65536.",
    hint:
      "Give the user daemon a range of ids: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 " +
      "daemon && podman system migrate",
  });
});

test("a full disk: says so, and leaves nothing half-written", async (context) => {
  if (!isRoot) context.skip("only root can mount a small file system");
  const path = await folder({ "mkosi.conf": configuration, "mkosi.output/": "" });
  const output = join(path, "mkosi.output");
  await execa("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", output]);
  try {
    const { code, error } = await caisson(path, ["build"]);
    expect(code).toBe(1);
    expect(error).toMatchObject({
      code: "disk-full",
      message: "no space is left on the disk of the engine's storage or of the output directory",
      hint: "`caisson clean -f` removes cached layers, `caisson tools prune` old tools images.",
    });
    const { stdout } = await execa("ls", ["-A", output]);
    expect(stdout).toBe("");
  } finally {
    await execa("umount", [output]);
  }
  await succeed(path, ["build"]);
});
