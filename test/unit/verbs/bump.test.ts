import { chmodSync, lstatSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bump, nextVersion } from "../../../src/verbs/bump.ts";
import { openProject } from "../../../src/verbs/project.ts";
import { debian, folder } from "../config/folder.ts";
import { verbContext } from "./context.ts";

const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const context = (root: string, ...argv: string[]) => ({
  ...verbContext("-C", root, ...argv),
  environment: { PATH: process.env.PATH },
  user: own,
});
const versionIn = (root: string) => readFileSync(join(root, "mkosi.version"), "utf8");

describe("the next version", () => {
  test.each<[old: string | undefined, next: string]>([
    [undefined, "1"],
    ["", "1"],
    ["7", "8"],
    ["1.9", "1.10"],
    ["2026.007", "2026.8"],
    ["1.99999999999999999999", "1.100000000000000000000"],
  ])("after %j is %j", (old, next) => {
    expect(nextVersion(old, { onEvent: () => expect.unreachable() })).toBe(next);
  });

  test("gets a component where the last one is no number", () => {
    const { onEvent, events } = context("");
    expect(nextVersion("1.2~rc", { onEvent })).toBe("1.2~rc.2");
    expect(events).toEqual([
      { type: "notice", level: "warning", message: "The version 1.2~rc does not end with a number: '.2' is added" },
    ]);
  });
});

test("is written as the reference does, and printed", async () => {
  const root = folder({ "mkosi.conf": debian, "mkosi.version": "1.1\n" });
  const own = context(root, "bump");
  expect(await bump(own)).toEqual({ text: "1.2\n", data: { version: "1.2" } });
  expect(versionIn(root)).toBe("1.2");
  expect(own.events).toEqual([{ type: "notice", level: "info", message: "Version 1.1 becomes 1.2" }]);
});

test("the command line's version is written as it is", async () => {
  const root = folder({ "mkosi.conf": debian, "mkosi.version": "1" });
  await bump(context(root, "--image-version=5", "bump"));
  expect(versionIn(root)).toBe("5");
});

test("a link to the file stays one", async () => {
  const root = folder({ "mkosi.conf": debian, "other/version": "1" });
  symlinkSync("other/version", join(root, "mkosi.version"));
  await bump(context(root, "bump"));
  expect(lstatSync(join(root, "mkosi.version")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root, "other/version"), "utf8")).toBe("2");
});

function withScript(text: string): string {
  const root = folder({ "mkosi/mkosi.conf": debian, "mkosi/mkosi.bump": `#!/bin/sh\n${text}\n` });
  chmodSync(join(root, "mkosi/mkosi.bump"), 0o700);
  return root;
}

test("mkosi.bump prints the next version, from the folder that Caisson works in", async () => {
  const root = withScript('echo "7.$(ls)"');
  await bump(context(root, "bump"));
  expect(versionIn(join(root, "mkosi"))).toBe("7.mkosi");
});

test.each<[text: string, message: string]>([
  ["exit 3", "FILE: was run for the next version, and failed: FILE: exit code 3"],
  ["true", "FILE: was run for the next version, and printed nothing"],
])("mkosi.bump with %j", async (text, message) => {
  const root = withScript(text);
  const file = join(root, "mkosi/mkosi.bump");
  await expect(bump(context(root, "bump"))).rejects.toMatchObject({
    code: "bump-failed",
    exitCode: 2,
    message: message.replaceAll("FILE", file),
  });
});

test("an executable mkosi.version is not written over", async () => {
  const root = folder({ "mkosi.conf": debian, "mkosi.version": "#!/bin/sh\necho 1\n" });
  const file = join(root, "mkosi.version");
  chmodSync(file, 0o700);
  await expect(bump(context(root, "bump"))).rejects.toMatchObject({
    code: "version-not-writable",
    message: `${file}: is executable, and what it prints cannot be raised`,
    hint: `chmod -x ${file}, or let it print the next version`,
  });
});

test("without a folder there is no version", async () => {
  await expect(bump(context("", "bump"))).rejects.toMatchObject({
    code: "no-directory",
    message: "mkosi.version cannot be written without a folder: -C is empty",
  });
});

test("--auto-bump raises the version of a build, and writes nothing before it", async () => {
  const root = folder({ "mkosi.conf": debian, "mkosi.version": "3" });
  const { config } = await openProject(context(root, "-B", "build"));
  expect(config.main.config).toMatchObject({ ImageVersion: "4", Output: "image_4" });
  expect(versionIn(root)).toBe("3");
  expect((await openProject(context(root, "-B", "clean"))).config.main.config.ImageVersion).toBe("3");
});
