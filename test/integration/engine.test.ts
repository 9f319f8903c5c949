import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { socketPath } from "../../src/engine/address.ts";
import { connect } from "../../src/engine/discover.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { BUSYBOX, busyboxRoot, engineContract } from "../contract/engine.ts";

/** CAISSON_TEST_ENGINE: `podman`, `docker` or an address, as for `--engine`. */
const engine = process.env.CAISSON_TEST_ENGINE;
const options = { engine, environment: process.env, platform: process.platform };

engineContract(() => connect(options));

describe("the connection", () => {
  it("leaves no service process behind", async (context) => {
    const connection = await connect(options);
    const socket = socketPath(connection.address) ?? "";
    const started = socket.includes("caisson-podman-");
    if (!started) {
      await connection.close();
      return context.skip("the engine was running before");
    }
    expect(processesNaming(socket)).not.toEqual([]);
    await connection.close();
    expect(processesNaming(socket)).toEqual([]);
    expect(readdirSync(dirname(dirname(socket)))).not.toContain(dirname(socket).split("/").at(-1));
  });

  it("is refused with the address where nothing answers", async () => {
    await expect(connect({ ...options, engine: "unix:///nowhere/engine.sock" })).rejects.toMatchObject({
      code: "engine-unreachable",
      exitCode: 3,
      message:
        "No container engine answers at unix:///nowhere/engine.sock (from --engine): connect ENOENT /nowhere/engine.sock",
    });
  });
});

/** A client in a process of its own, which starts a container that reads its standard input, and says what it started. */
const CLIENT = `
  import { connect } from "./src/engine/discover.ts";
  const engine = await connect({ engine: process.env.CAISSON_TEST_ENGINE, environment: process.env, platform: process.platform });
  const image = await engine.findImage(process.argv[2]);
  const { id } = await engine.start({ image: image.id, command: ["/bin/cat"], labels: { "caisson.test": "killed" } });
  console.log(JSON.stringify({ id, address: engine.address }));
`;

describe.skipIf(!existsSync(BUSYBOX))("a client that is killed", () => {
  it("leaves no running container and no service", async () => {
    const reference = `localhost/caisson-test:killed-${process.pid}`;
    const connection = await connect(options);
    await connection.importImage(await busyboxRoot(), reference);
    const outfile = bundle();
    const client = spawn(process.execPath, [outfile, reference], { stdio: ["ignore", "pipe", "inherit"] });
    const failed = once(client, "exit").then(([code]) => Promise.reject(new Error(`the client ended with ${code}`)));
    const [line] = (await Promise.race([once(client.stdout, "data"), failed])) as [Buffer];
    failed.catch(() => "killed below");
    const { id, address } = JSON.parse(line.toString()) as { id: string; address: string };
    client.kill("SIGKILL");
    await expect.poll(() => isRunning(connection, id), { timeout: 60_000 }).toBe(false);
    if (address.includes("caisson-podman-")) {
      await expect.poll(() => processesNaming(address), { timeout: 60_000 }).toEqual([]);
    }
    await connection.removeContainer(id);
    await connection.removeImage(reference);
    await connection.close();
    rmSync(outfile);
  });
});

function bundle(): string {
  // Beside the dependencies, which are not bundled.
  const outfile = join(import.meta.dirname, "../../node_modules/.cache", `killed-${process.pid}.mjs`);
  const root = join(import.meta.dirname, "../..");
  const stdin = { contents: CLIENT, resolveDir: root, loader: "ts" as const };
  buildSync({ stdin, outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
  return outfile;
}

async function isRunning(connection: Engine, id: string): Promise<boolean> {
  const containers = await connection.listContainers("caisson.test=killed");
  return containers.some((container) => container.id === id && container.running);
}

function processesNaming(word: string): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandOf(pid).includes(word));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch (error) {
    // It ended since the folder was read.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}
