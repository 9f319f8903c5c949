import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFiles } from "../../../src/lsp/open-files.ts";
import { folder } from "../config/folder.ts";

test("the text of an open document counts, by whatever path", () => {
  const root = folder({ "mkosi.conf": "saved", other: "other" });
  symlinkSync("mkosi.conf", join(root, "link"));
  const files = openFiles(new Map([[join(root, "mkosi.conf"), "typed"]]));
  expect(files.read(join(root, "link"))).toBe("typed");
  expect(files.read(join(root, "other"))).toBe("other");
  expect([...files.seen]).toEqual([join(root, "mkosi.conf"), join(root, "other")]);
});

test("a document that was never saved is there", () => {
  const root = folder({ "b.conf": "" });
  const path = join(root, "a.conf");
  const files = openFiles(new Map([[path, "typed"]]));
  expect(files.exists(path)).toBe(true);
  expect(files.isDirectory(path)).toBe(false);
  expect(files.list(root)).toEqual(["a.conf", "b.conf"]);
  expect(files.mode(path)).toBe(0o600);
  expect(files.identity(path)).toBe(path);
  expect(files.read(path)).toBe("typed");
});

test("nothing is run", () => {
  const root = folder({ "mkosi.version": "#!/bin/sh\necho 1\n" });
  const path = join(root, "mkosi.version");
  chmodSync(path, 0o755);
  expect(openFiles(new Map()).run(path, root)).toBe("");
});
