import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fmt } from "../../../src/verbs/fmt.ts";
import { verbContext } from "./context.ts";

const untidy = "[Content]\nPackages = a\n";
const tidy = "[Content]\nPackages=a\n";

function project(files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "caisson-fmt-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const run = (root: string, ...argv: string[]) => fmt(verbContext("-C", root, "fmt", ...argv));
const read = (root: string, name: string) => readFileSync(join(root, name), "utf8");

test("writes every configuration file of the project, and no other", async () => {
  const configuration = [
    "mkosi.conf",
    "mkosi.local.conf",
    "mkosi.tools.conf",
    "mkosi.initrd.conf/mkosi.conf",
    "mkosi.local/mkosi.conf",
    "mkosi/mkosi.conf",
    "mkosi.conf.d/a.conf",
    "mkosi.conf.d/b/mkosi.conf",
    "mkosi.conf.d/b/mkosi.conf.d/c.conf",
    "mkosi.profiles/p.conf",
    "mkosi.profiles/q/mkosi.conf",
    "mkosi.images/i.conf",
    "mkosi.images/j/mkosi.conf",
  ];
  const others = ["mkosi.extra/etc/mkosi.conf", "mkosi.repart/root.conf", "mkosi.conf.d/readme", "other.conf"];
  const root = project(Object.fromEntries([...configuration, ...others].map((name) => [name, untidy])));
  const { text, data, exitCode } = await run(root);
  expect(text?.split("\n").sort()).toEqual(["", ...configuration.map((name) => join(root, name))].sort());
  expect(data).toEqual({ changed: text?.trimEnd().split("\n") });
  expect(exitCode).toBe(0);
  expect(configuration.map((name) => read(root, name))).toEqual(configuration.map(() => tidy));
  expect(others.map((name) => read(root, name))).toEqual(others.map(() => untidy));
  expect(await run(root)).toEqual({ text: "", data: { changed: [] }, exitCode: 0 });
});

test("takes files and folders, relative to -C", async () => {
  const root = project({
    "mkosi.conf": untidy,
    "a.ini": untidy,
    "mkosi.conf.d/b.conf": untidy,
    "x/mkosi.conf": untidy,
  });
  const { text } = await run(root, "a.ini", "mkosi.conf.d", "x", "a.ini");
  expect(text).toBe(["a.ini", "mkosi.conf.d/b.conf", "x/mkosi.conf"].map((name) => `${join(root, name)}\n`).join(""));
  expect(read(root, "mkosi.conf")).toBe(untidy);
});

test("with --check writes nothing and fails where a file would change", async () => {
  const root = project({ "mkosi.conf": untidy, "mkosi.conf.d/a.conf": tidy });
  expect(await run(root, "--check")).toMatchObject({ text: `${join(root, "mkosi.conf")}\n`, exitCode: 1 });
  expect(read(root, "mkosi.conf")).toBe(untidy);
  expect(await run(root, "--check", "mkosi.conf.d")).toMatchObject({ text: "", exitCode: 0 });
});

test("keeps the mode, leaves nothing else behind, and writes through a link", async () => {
  const root = project({ "real.conf": untidy });
  chmodSync(join(root, "real.conf"), 0o750);
  symlinkSync("real.conf", join(root, "mkosi.conf"));
  await run(root);
  expect(statSync(join(root, "real.conf")).mode & 0o777).toBe(0o750);
  expect(read(root, "real.conf")).toBe(tidy);
  expect(readdirSync(root).sort()).toEqual(["mkosi.conf", "real.conf"]);
});

test("goes into a folder that is linked into itself once", async () => {
  const root = project({ "mkosi.conf": untidy, "mkosi.conf.d/a.conf": tidy });
  symlinkSync("..", join(root, "mkosi.conf.d/loop"));
  expect((await run(root)).text).toBe(`${join(root, "mkosi.conf")}\n`);
});

test.each([
  [
    "a file that is no configuration",
    "[A]\nword\n",
    "invalid-syntax",
    ":2: read 'word', expected a line such as Packages=systemd",
  ],
  ["a file that is no text", "[A]\n\0", "not-text", ": is not a text file: it has NUL bytes"],
])("refuses %s, and writes none then", async (_, text, code, message) => {
  const root = project({ "mkosi.conf": untidy, "mkosi.conf.d/a.conf": text });
  await expect(run(root)).rejects.toMatchObject({
    code,
    exitCode: 2,
    message: `${join(root, "mkosi.conf.d/a.conf")}${message}`,
  });
  expect(read(root, "mkosi.conf")).toBe(untidy);
  expect(read(root, "mkosi.conf.d/a.conf")).toBe(text);
});
