import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError, commandLine, run, serve } from "../../../src/process/spawn.ts";

const environment = { PATH: process.env.PATH };
const node = process.execPath;

describe("run", () => {
  it("returns what a command writes", async () => {
    expect(await run(node, ["-e", "console.log(1 + 1)"], { environment })).toBe("2");
  });

  it("passes standard input on, and nothing of this process's environment", async () => {
    const script = "process.stdin.on('data', (d) => console.log(String(d) + (process.env.HOME ?? 'none')))";
    expect(await run(node, ["-e", script], { environment: {}, input: "in " })).toBe("in none");
  });

  it("fails with a line that can be replayed, and what was said", async () => {
    const script = 'console.error("bad"); process.exit(3)';
    const error = await run(node, ["-e", script], { environment }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ exitCode: 3, output: "bad", commandLine: `${node} -e '${script}'` });
    expect((error as CommandError).message).toBe(`${node} -e '${script}': exit code 3\nbad`);
  });

  it("says that there is no such command", async () => {
    const error = run("caisson-no-such-command", ["x"], { environment });
    await expect(error).rejects.toMatchObject({
      code: "ENOENT",
      message: "caisson-no-such-command x: no such command",
    });
  });

  it("says which signal ended it", async () => {
    const error = run(node, ["-e", "process.kill(process.pid, 'SIGKILL')"], { environment });
    await expect(error).rejects.toMatchObject({ signal: "SIGKILL", exitCode: undefined });
  });
});

describe("serve", () => {
  it("runs beside this process until it is stopped, and writes to its log", async () => {
    const folder = await mkdtemp(join(tmpdir(), "caisson-serve-"));
    const log = join(folder, "log");
    const service = await serve(node, ["-e", "console.log('up'); setInterval(() => {}, 1000)"], { environment, log });
    expect(process.kill(service.pid, 0)).toBe(true);
    await expect.poll(() => readFile(log, "utf8")).toBe("up\n");
    await service.stop();
    expect(await service.ended).toMatchObject({ signal: "SIGTERM" });
    expect(() => process.kill(service.pid, 0)).toThrow("ESRCH");
    await service.stop();
    await rm(folder, { recursive: true });
  });

  it("says that there is no such command", async () => {
    const folder = await mkdtemp(join(tmpdir(), "caisson-serve-"));
    const service = serve("caisson-no-such-command", [], { environment, log: join(folder, "log") });
    await expect(service).rejects.toMatchObject({ message: "caisson-no-such-command: no such command" });
    await rm(folder, { recursive: true });
  });
});

it.each([
  [["a", "b"], "c a b"],
  [["", "two words", "it's"], "c '' 'two words' 'it'\\''s'"],
  [["--x=/a,b:c@d%e+f"], "c --x=/a,b:c@d%e+f"],
])("quotes %j", (args, expected) => {
  expect(commandLine("c", args)).toBe(expected);
});
