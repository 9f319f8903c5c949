import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfiguration } from "../../../src/verbs/configuration.ts";
import { forget, recall, remember } from "../../../src/verbs/history.ts";
import { openProject } from "../../../src/verbs/project.ts";
import { debian, folder } from "../config/folder.ts";
import { verbContext } from "./context.ts";

const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const context = (root: string, ...argv: string[]) => ({ ...verbContext("-C", root, ...argv), user: own });
const fileIn = (root: string) => join(root, ".mkosi-private/history/latest.json");

function kept(json: unknown): string {
  const root = folder({ "mkosi.conf": `${debian}[Content]\nPackages=a\n` });
  mkdirSync(join(root, ".mkosi-private/history"), { recursive: true });
  writeFileSync(fileIn(root), typeof json === "string" ? json : JSON.stringify(json));
  return root;
}

test("the command line's settings are kept in the reference's JSON, for their owner alone", async () => {
  const root = folder({ "mkosi.conf": `${debian}[Content]\nPackages=a\n` });
  await remember(context(root, "-p", "b", "-O", "out", "--extra-tree=", "--hostname=", "--ram=1G", "--history"));
  expect(JSON.parse(readFileSync(fileIn(root), "utf8"))).toEqual({
    ExtraTrees: [],
    History: true,
    Hostname: null,
    OutputDirectory: join(root, "out"),
    Packages: ["b"],
    RAM: 2 ** 30,
  });
  expect(statSync(fileIn(root)).mode & 0o777).toBe(0o600);
});

test("they lie in the configuration's own folder", async () => {
  const root = folder({ "mkosi/mkosi.conf": debian });
  await remember(context(root, "-p", "b"));
  expect(existsSync(fileIn(join(root, "mkosi")))).toBe(true);
  await forget(context(root));
  expect(existsSync(join(root, "mkosi/.mkosi-private/history"))).toBe(false);
});

test("without a folder nothing is kept or found", async () => {
  await remember(context("", "-p", "b"));
  expect(await recall(context("", "shell"))).toBeUndefined();
});

test("what was kept counts as given on the command line, without [Runtime]", async () => {
  const root = kept({ Packages: ["b"], ExtraTrees: [], Hostname: "kept", RAM: 5, Bootable: "disabled" });
  const run = context(root, "--ram=1G", "--hostname=other", "-p", "b", "--timezone=UTC", "shell");
  const { main } = await readConfiguration(run);
  expect(main.config).toMatchObject({
    Packages: ["a", "b"],
    Hostname: "kept",
    Bootable: "disabled",
    Timezone: "UTC",
    RAM: 2 ** 30,
  });
  expect(run.events).toEqual([
    {
      type: "notice",
      level: "warning",
      message: "--hostname is ignored: the image was built with another value. Build it again with -f",
    },
  ]);
  expect((await openProject(context(root, "vm"))).recalled).toBe(true);
});

test("an emptied list keeps out what files say", async () => {
  const { main } = await readConfiguration(context(kept({ Packages: [] }), "shell"));
  expect(main.config.Packages).toEqual([]);
});

test.each([["build"], ["-f", "shell"], ["-f", "summary"], ["clean"]])(
  "%j %j takes the command line as it is",
  async (...argv) => {
    expect(await recall(context(kept({ Packages: ["b"] }), ...argv))).toBeUndefined();
  },
);

describe("a file that is not as it was written", () => {
  test.each<[content: unknown, message: RegExp]>([
    ["{", /: is no JSON: .+$/],
    [[1], /: expected an object of settings$/],
    [{ Foo: 1 }, /: there is no setting Foo$/],
    [{ Bootable: "x" }, /: Bootable of the image main: Invalid option: expected one of "auto"\|"enabled"\|"disabled"$/],
  ])("%j", async (content, message) => {
    const root = kept(content);
    const error = await recall(context(root, "shell")).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "invalid-history", exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(fileIn(root))).toBe(true);
    expect(error.hint).toBe("Build again with -f, which writes it anew, or remove it");
  });

  test("that cannot be read", async () => {
    const root = folder({ "mkosi.conf": debian, ".mkosi-private/history/latest.json/": "" });
    await expect(recall(context(root, "shell"))).rejects.toThrow(`${fileIn(root)}: cannot be read: EISDIR`);
  });
});
