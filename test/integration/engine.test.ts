import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { socketPath } from "../../src/engine/address.ts";
import { connect } from "../../src/engine/discover.ts";
import { engineContract } from "../contract/engine.ts";

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
