import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { formatLock, type Lock, listedFor, lockedFor, parseLock, parsePackageList } from "../../../src/tools/lock.ts";
import { checkLock, readRecipe, toolsKey } from "../../../src/tools/recipe.ts";
import { repositoryLockPath } from "../../../src/tools/tools.ts";

const item = (name: string, version = "1") => ({
  name,
  version,
  filename: `pool/main/${name}.deb`,
  size: 1,
  sha256: "a".repeat(64),
});
const LOCK: Lock = {
  version: 1,
  suite: "trixie",
  component: "main",
  date: "Sat, 05 Sep 2020 09:15:44 UTC",
  architectures: {
    arm64: { stage0: item("busybox-static"), base: [], packages: [] },
    amd64: {
      stage0: item("busybox-static"),
      base: ["dpkg", "apt"],
      packages: [item("zstd"), item("apt"), item("dpkg")],
    },
  },
};

test("a lock survives being written and read, sorted", () => {
  const text = formatLock(LOCK);
  const read = parseLock(text, "lock.json");
  expect(read.architectures.amd64?.packages.map(({ name }) => name)).toEqual(["apt", "dpkg", "zstd"]);
  expect(read.architectures.amd64?.base).toEqual(["apt", "dpkg"]);
  expect(Object.keys(read.architectures)).toEqual(["amd64", "arm64"]);
  expect(formatLock(read)).toBe(text);
});

test.each([
  [
    "an absolute path",
    (lock: Lock) => (lockedFor(lock, "arm64").stage0.filename = "/etc/passwd"),
    "architectures.arm64.stage0.filename: Invalid string: must match pattern /^pool\\//",
  ],
  ["another version", (lock: Lock) => Object.assign(lock, { version: 2 }), "version: Invalid input: expected 1"],
])("refuses %s", (_title, damage, detail) => {
  const lock = structuredClone(LOCK);
  damage(lock);
  expect(() => parseLock(JSON.stringify(lock), "lock.json")).toThrow(`lock.json is not a tools lock: ${detail}`);
});

test("names the architectures that a lock has", () => {
  expect(() => lockedFor(LOCK, "riscv64")).toThrow("no tools image for riscv64: the lock has arm64, amd64");
});

test("reads a package list", () => {
  const list = parsePackageList("# tools\napt\n\novmf [amd64]  # firmware\nxz [amd64 arm64]\n", "packages");
  expect(listedFor(list, "amd64")).toEqual(["apt", "ovmf", "xz"]);
  expect(listedFor(list, "arm64")).toEqual(["apt", "xz"]);
});

test("refuses a line that is no package", () => {
  expect(() => parsePackageList("apt\nfoo bar\n", "packages")).toThrow(
    'packages:2: "foo bar": expected NAME or NAME [ARCHITECTURE…]',
  );
});

test("the repository's lock has every package of its list, and no host", async () => {
  const text = await readFile(repositoryLockPath(), "utf8");
  const lock = parseLock(text, repositoryLockPath());
  const recipe = await readRecipe();
  for (const architecture of ["amd64", "arm64"]) checkLock(recipe, architecture, lockedFor(lock, architecture));
  expect(formatLock(lock)).toBe(text);
  expect(text).not.toContain("://");
});

test("says which listed package the lock lacks", async () => {
  const recipe = { ...(await readRecipe()), list: "apt\nnewcomer\n" };
  expect(() => checkLock(recipe, "amd64", lockedFor(LOCK, "amd64"))).toThrow(
    "tools-images/debian/packages lists newcomer, which lock.json lacks for amd64",
  );
});

test("the key changes with packages, list, recipe and scripts, and with nothing else", async () => {
  const recipe = await readRecipe();
  const locked = lockedFor(LOCK, "amd64");
  const key = toolsKey(recipe, "amd64", locked);
  const scripts = { ...recipe.scripts, "slim.sh": "true" };
  const others = [
    toolsKey({ ...recipe, containerfile: "FROM scratch" }, "amd64", locked),
    toolsKey({ ...recipe, list: `${recipe.list}\nanother` }, "amd64", locked),
    toolsKey({ ...recipe, scripts }, "amd64", locked),
    toolsKey(recipe, "amd64", { ...locked, packages: [item("apt", "2"), ...locked.packages.slice(1)] }),
  ];
  expect(new Set([key, ...others]).size).toBe(5);
  expect(toolsKey({ ...recipe, list: `# a comment\n${recipe.list}` }, "amd64", structuredClone(locked))).toBe(key);
});
