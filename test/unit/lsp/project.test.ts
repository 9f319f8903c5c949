import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openFiles } from "../../../src/lsp/open-files.ts";
import { projectFacts, projectFolder } from "../../../src/lsp/project.ts";
import { folder } from "../config/folder.ts";

const files = openFiles(new Map());

test.each([
  ["mkosi.conf", "."],
  ["mkosi.local.conf", "."],
  ["mkosi.conf.d/10.conf", "."],
  ["mkosi.conf.d/10/mkosi.conf", "."],
  ["mkosi.conf.d/10/mkosi.conf.d/x.conf", "."],
  ["mkosi.profiles/debug.conf", "."],
  ["mkosi.profiles/debug/mkosi.conf.d/x/mkosi.conf", "."],
  ["mkosi.images/base/mkosi.conf", "."],
  ["mkosi.images/base/mkosi.profiles/x.conf", "."],
  ["mkosi.local/mkosi.conf", "."],
  ["mkosi.tools.conf/mkosi.conf", "."],
  ["shared/more.conf", "."],
  ["other/mkosi.conf", "other"],
])("%s belongs to %s", (file, expected) => {
  const root = folder({ "mkosi.conf": "", [file]: "" });
  expect(projectFolder(join(root, file), files)).toBe(join(root, expected));
});

test("the folder mkosi/ belongs to the folder that it is in", () => {
  const root = folder({ "mkosi/mkosi.conf": "", "mkosi/mkosi.conf.d/x.conf": "" });
  expect(projectFolder(join(root, "mkosi/mkosi.conf.d/x.conf"), files)).toBe(root);
});

test("the folder mkosi/ is a project of its own beside another mkosi.conf", () => {
  const root = folder({ "mkosi.conf": "", "mkosi/mkosi.conf": "" });
  expect(projectFolder(join(root, "mkosi/mkosi.conf"), files)).toBe(join(root, "mkosi"));
});

test("a file without a project is its own", () => {
  expect(projectFolder("/nowhere/at/all.conf", files)).toBe("/nowhere/at");
  expect(projectFolder("/mkosi.conf", files)).toBe("/");
});

test("facts are of the folder mkosi/ too, and of the file's own", () => {
  const root = folder({
    "mkosi/mkosi.conf": "",
    "mkosi/mkosi.profiles/a.conf": "",
    "mkosi/mkosi.images/x/mkosi.profiles/b/mkosi.conf": "",
    "mkosi/mkosi.images/x/mkosi.conf": "",
    "mkosi/mkosi.images/readme": "",
  });
  const file = join(root, "mkosi/mkosi.images/x/mkosi.conf");
  expect(projectFacts(file, files)).toEqual({
    directory: root,
    base: dirname(file),
    profiles: [
      { name: "a", path: join(root, "mkosi/mkosi.profiles/a.conf") },
      { name: "b", path: join(dirname(file), "mkosi.profiles/b") },
    ],
    images: [{ name: "x", path: dirname(file) }],
  });
});
