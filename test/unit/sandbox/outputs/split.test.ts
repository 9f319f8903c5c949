import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { splitPaths } from "../../../../sandbox/outputs/split.ts";
import type { ImagePlan, SplitFile } from "../../../../sandbox/protocol.ts";

let staging: string;
beforeEach(async () => {
  staging = await mkdtemp(join(tmpdir(), "caisson-split-"));
});
afterEach(() => rm(staging, { recursive: true }));

function image(splitArtifacts: ImagePlan["splitArtifacts"], compression: ImagePlan["compression"] = "none"): ImagePlan {
  return { output: "os_1", splitArtifacts, compression } as ImagePlan;
}

test.each<[SplitFile, string]>([
  ["uki", "os_1.efi"],
  ["kernel", "os_1.vmlinuz"],
  ["initrd", "os_1.initrd"],
  ["tar", "os_1.tar"],
  ["pcrs", "os_1.pcrs"],
  ["roothash", "os_1.roothash"],
  ["os-release", "os_1.osrelease"],
  ["kernel-modules-initrd", "os_1.kernel-modules-initrd"],
  ["repart-definitions", "os_1.repart.d"],
])("%s is called %s, where it is asked for", (kind, name) => {
  expect(splitPaths(image([kind]), staging)(kind)).toBe(join(staging, name));
  expect(splitPaths(image([]), staging)(kind)).toBeUndefined();
});

test("the tree's archive is compressed as the output is", () => {
  expect(splitPaths(image(["tar"], "gzip"), staging)("tar")).toBe(join(staging, "os_1.tar.gz"));
});

test("what is there already is not written again", async () => {
  await writeFile(join(staging, "os_1.efi"), "");
  expect(splitPaths(image(["uki"]), staging)("uki")).toBeUndefined();
});
