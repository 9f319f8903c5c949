import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesystemUuid } from "../../../../sandbox/partitions/ids.ts";
import { mountPoints } from "../../../../sandbox/partitions/mount-points.ts";
import { specifiersOf } from "../../../../sandbox/partitions/specifiers.ts";

/** As systemd-repart 257 gave them. */
test.each([
  ["ae5d933f-a83d-41ee-bd40-2f3d6a0f0000", "dde15054-ce1e-426d-9a1f-fdc32b5af953"],
  ["3785a97b-dea6-41dd-a14f-704a302ee35c", "e2a058b4-098b-4de4-94ed-00b4585a963f"],
])("the filesystem of partition %s is %s", (partition, filesystem) => {
  expect(filesystemUuid(partition)).toBe(filesystem);
});

const planned = (type: string) => ({ type, label: "", uuid: "", file: "", raw_size: 0 });

test("others are mounted over a root partition, and over no other", () => {
  const types = ["esp", "root-x86-64", "root-x86-64-verity", "usr-x86-64", "usr-x86-64-verity", "tmp", "linux-generic"];
  const all = types.map(planned);
  expect(mountPoints(planned("root-x86-64"), all)).toEqual(["efi", "boot", "usr", "var/tmp"]);
  expect(mountPoints(planned("root"), all)).toEqual(["efi", "boot", "usr", "var/tmp"]);
  expect(mountPoints(planned("usr-x86-64"), all)).toEqual([]);
});

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-specifiers-"));
  await mkdir(join(root, "usr/lib"), { recursive: true });
  await writeFile(join(root, "usr/lib/os-release"), 'ID=debian\nVERSION_ID="13"\nIMAGE_ID=demo\nIMAGE_VERSION=7\n');
});
afterAll(() => rm(root, { recursive: true }));

test.each([
  ["/a", "/a"],
  ["/%o/%w/%M_%A%W", "/debian/13/demo_7"],
  ["/100%%", "/100%"],
  ["/%m", undefined],
])("%s is %s", (text, expected) => {
  expect(specifiersOf(root)(text)).toBe(expected);
});
