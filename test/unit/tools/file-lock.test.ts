import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withFileLock } from "../../../src/tools/file-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("one at a time, and nothing is left", async () => {
  const path = join(folder, "deep/tools.lock");
  let inside = 0;
  let most = 0;
  const action = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 10));
    inside -= 1;
  };
  let waited = 0;
  const options = { poll: 1, onWait: () => waited++ };
  await Promise.all([1, 2, 3].map(() => withFileLock(path, action, options)));
  expect({ most, waited }).toEqual({ most: 1, waited: 2 });
  expect(await readdir(join(folder, "deep"))).toEqual([]);
});

test("takes over from an owner that was killed", async () => {
  const path = join(folder, "tools.lock");
  await writeFile(path, "dead");
  await utimes(path, new Date(0), new Date(0));
  expect(await withFileLock(path, async () => "ran", { poll: 1 })).toBe("ran");
  expect(await readdir(folder)).toEqual([]);
});

test("stops waiting when told to", async () => {
  const path = join(folder, "tools.lock");
  await writeFile(path, "alive");
  const signal = AbortSignal.abort(new Error("stopped"));
  await expect(withFileLock(path, async () => "ran", { poll: 1, signal })).rejects.toMatchObject({
    name: "AbortError",
  });
});
