import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveInside, statInside } from "../../../../sandbox/tree/inside.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-inside-"));
  await mkdir(join(root, "usr/lib"), { recursive: true });
  await mkdir(join(root, "etc"));
  await writeFile(join(root, "etc/file"), "");
  const links = { lib: "usr/lib", run: "/etc", up: "../../../etc", loop: "loop", far: "/nowhere/there" };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(root, name));
  await symlink("../run/file", join(root, "usr/file"));
});
afterAll(() => rm(root, { recursive: true }));

test.each([
  ["", ""],
  ["lib/a", "usr/lib/a"],
  ["run/file", "etc/file"],
  ["up/file", "etc/file"],
  ["usr/file", "etc/file"],
  ["../../etc", "etc"],
  ["far/x", "nowhere/there/x"],
  ["./usr//lib/../x", "usr/x"],
])("%s leads to %s", (path, expected) => {
  expect(resolveInside(root, path)).toBe(expected);
});

test("a link to itself leads nowhere", () => {
  expect(() => resolveInside(root, "loop")).toThrow("ELOOP: loop");
});

test("what is there", () => {
  expect(statInside(root, "run")?.isDirectory()).toBe(true);
  expect(statInside(root, "run/file")?.isFile()).toBe(true);
  expect(statInside(root, "far")).toBeUndefined();
  expect(statInside(root, "etc/file/below")).toBeUndefined();
});
