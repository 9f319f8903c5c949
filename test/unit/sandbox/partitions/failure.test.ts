import { expect, test } from "vitest";
import { ToolError } from "../../../../sandbox/errors.ts";
import { parseSettings } from "../../../../sandbox/partitions/definitions.ts";
import { namedFailure } from "../../../../sandbox/partitions/failure.ts";
import type { TreeEntry } from "../../../../sandbox/tree/entries.ts";

const MEBIBYTE = 1 << 20;
const text = "[Partition]\nType=root\nSizeMaxBytes=34M\n";
const definition = { name: "10-root.conf", text, settings: parseSettings(text) };
const file = (path: string, size: number, more: Partial<TreeEntry> = {}): TreeEntry => ({
  ...{ path, kind: "file", mode: 0o644, uid: 0, gid: 0, mtime: 0, size, xattrs: new Map() },
  ...more,
});
const content = [file("a", 40 * MEBIBYTE), file("b", 40 * MEBIBYTE, { linkTo: "a" })];

function failed(size: number | undefined, output: string[]): Promise<void> {
  const work = () => Promise.reject(new ToolError(["mke2fs"], 1, "ended with exit code 1", output));
  return namedFailure("main", { definition, format: "ext4", size, content }, work);
}

test("a partition that its files fill", async () => {
  const output = ["Could not allocate block", "Operation not permitted while populating file system", ""];
  await expect(failed(34 * MEBIBYTE, output)).rejects.toMatchObject({
    code: "partitions-failed",
    message: "main: 10-root.conf: the ext4 filesystem cannot be made: Could not allocate block",
    hint: "it has SizeMaxBytes=34M; the partition has 34.0 MiB, and its files have 40.0 MiB: raise SizeMinBytes= and SizeMaxBytes=, or copy less (repart.d(5))",
  });
});

test.each([undefined, 100 * MEBIBYTE])("another failure, with %s bytes", async (size) => {
  await expect(failed(size, ["Bad option"])).rejects.toMatchObject({
    message: "main: 10-root.conf: the ext4 filesystem cannot be made: Bad option",
    hint: "it has SizeMaxBytes=34M; see repart.d(5): a size may be too small",
  });
});

test("a mistake of the program stays one", async () => {
  const about = { definition, format: "ext4", size: 1, content };
  await expect(namedFailure("main", about, () => Promise.reject(new Error("x")))).rejects.toThrow(new Error("x"));
});
