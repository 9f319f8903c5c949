import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { logDirectory, openLog } from "../../../src/session/log.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-log-"));
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  [{ XDG_STATE_HOME: "/state", HOME: "/home/u" }, "/state/caisson/logs"],
  [{ XDG_STATE_HOME: "relative", HOME: "/home/u" }, "/home/u/.local/state/caisson/logs"],
  [{ HOME: "/home/u" }, "/home/u/.local/state/caisson/logs"],
])("%j", (environment, expected) => expect(logDirectory(environment)).toBe(expected));

it("writes lines to a file named by date and build", async () => {
  const log = await openLog({ XDG_STATE_HOME: folder }, "b1", new Date("2026-01-02T03:04:05.678Z"));
  log.write("one");
  log.write("two");
  await log.close();
  expect(log.path).toBe(join(folder, "caisson/logs/2026-01-02T030405Z-b1.log"));
  expect(await readFile(log.path, "utf8")).toBe("one\ntwo\n");
});

it("keeps the newest twenty", async () => {
  const logs = logDirectory({ XDG_STATE_HOME: folder });
  await mkdir(logs, { recursive: true });
  for (let day = 10; day < 35; day++) await writeFile(join(logs, `2025-01-${day}T000000Z-x.log`), "");
  await writeFile(join(logs, "notes.txt"), "");
  const log = await openLog({ XDG_STATE_HOME: folder }, "new", new Date("2026-01-01T00:00:00Z"));
  await log.close();
  const names = (await readdir(logs)).sort();
  expect(names).toHaveLength(21);
  expect(names[0]).toBe("2025-01-16T000000Z-x.log");
  expect(names.at(-2)).toBe("2026-01-01T000000Z-new.log");
});

it("says where logs cannot be kept", async () => {
  await writeFile(join(folder, "caisson"), "");
  await expect(openLog({ XDG_STATE_HOME: folder }, "b1")).rejects.toMatchObject({
    code: "no-log-directory",
    exitCode: 3,
    hint: "Make the folder writable, or set XDG_STATE_HOME to one that is",
  });
});
