import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  allValues,
  allWords,
  type Definition,
  isOn,
  lastValue,
  parseSettings,
  readDefinitions,
  rewrite,
} from "../../../../sandbox/partitions/definitions.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-definitions-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function files(texts: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const read = () => readDefinitions([join(folder, "a"), join(folder, "b")]);
const definition = (text: string): Definition => ({ name: "x.conf", text, settings: parseSettings(text) });

test("several folders: by name, the first folder's file of a name, with the drop-ins of all", async () => {
  await files({
    "a/20.conf": "[Partition]\nType=home",
    "b/10.conf": "[Partition]\nType=root\n",
    "b/20.conf": "[Partition]\nType=srv\n",
    "b/20.conf.d/z.conf": "[Partition]\nLabel=z\n",
    "a/20.conf.d/a.conf": "[Partition]\nLabel=a\n",
    "a/note.txt": "[Partition]\n",
  });
  expect(read().map(({ name, text }) => [name, text])).toEqual([
    ["10.conf", "[Partition]\nType=root\n"],
    ["20.conf", "[Partition]\nType=home\n[Partition]\nLabel=a\n[Partition]\nLabel=z\n"],
  ]);
});

test("an empty file, or a link to /dev/null, masks that of a later folder", async () => {
  await files({
    "a/10.conf": "",
    "b/10.conf": "[Partition]\n",
    "b/20.conf": "[Partition]\n",
    "b/30.conf": "[Partition]\n",
  });
  await symlink("/dev/null", join(folder, "a/20.conf"));
  expect(read().map(({ name }) => name)).toEqual(["30.conf"]);
});

test("comments, continued lines, other sections", () => {
  const text = [
    "Type=before",
    "# Type=comment",
    "[Partition]",
    " Type = root ",
    "; Type=x",
    "CopyFiles=/a \\",
    "# between",
    "/b",
    "[Other]",
    "Type=no",
    "",
  ].join("\n");
  expect(parseSettings(text)).toEqual([
    { key: "Type", value: "root" },
    { key: "CopyFiles", value: "/a  /b" },
  ]);
});

test("values: the last one, all of them, their words", () => {
  const text = "[Partition]\nCopyFiles=/a\nCopyFiles=\nCopyFiles=/b /c\nCopyFiles=/d\nLabel=x\nLabel=\n";
  expect(allValues(definition(text), "CopyFiles")).toEqual(["/b /c", "/d"]);
  expect(allWords(definition(text), "CopyFiles")).toEqual(["/b", "/c", "/d"]);
  expect(lastValue(definition(text), "CopyFiles")).toBe("/d");
  expect(lastValue(definition(text), "Label")).toBe(undefined);
});

test("settings are taken out where they stand: lines keep their numbers", () => {
  const text = "# Format=kept\n[Partition]\nType=root\nFormat=\\\next4\nLabel=x\n";
  const drop = (key: string) => key === "Format";
  expect(rewrite(definition(text), drop, { CopyBlocks: "/y" })).toBe(
    "# Format=kept\n[Partition]\nType=root\n\n\nLabel=x\n\n[Partition]\nCopyBlocks=/y\n",
  );
  expect(rewrite(definition(text), () => false, {})).toBe(text);
});

test.each([
  ["Encrypt=key-file", true],
  ["Encrypt=yes", true],
  ["Encrypt=Off", false],
  ["Encrypt=key-file\nEncrypt=", false],
  ["Encrypt=key-file\nEncrypt=no", false],
  ["Label=x", false],
])("%j is on: %j", (text, expected) => {
  expect(isOn(definition(`[Partition]\n${text}\n`), "Encrypt")).toBe(expected);
});
