import { expect, test } from "vitest";
import { chooseFirmware } from "../../../../sandbox/kernel/firmware.ts";
import { selectModules } from "../../../../sandbox/kernel/modules.ts";
import { lastMatch, splitPatterns } from "../../../../sandbox/kernel/patterns.ts";

test.each<[globs: string[], path: string, verdict: boolean | undefined]>([
  [["rockchip/*"], "rockchip/rk3399.dtb", true],
  [["imx.*"], "freescale/imx.dtb", true],
  [["rockchip/"], "arm/rockchip/deep/a.dtb", true],
  [["/rockchip/a.dtb"], "rockchip/a.dtb", true],
  [["/rockchip/a.dtb"], "arm/rockchip/a.dtb", undefined],
  [["*", "-rockchip/*"], "rockchip/a.dtb", false],
  [["-rockchip/*", "*"], "rockchip/a.dtb", true],
  [[], "a", undefined],
])("the last of %j that matches %s", (globs, path, verdict) => {
  expect(lastMatch(globs)(path)).toBe(verdict);
});

test("expressions are told from globs", () => {
  expect(splitPatterns(["a*", "re:^b", "-c"])).toEqual({ globs: ["a*", "-c"], expressions: [/^b/] });
});

const installed = ["a/one.bin.xz", "a/two.bin", "b/three.bin.zst", "c/four.bin"];
test.each<[include: string[], exclude: string[], chosen: string[]]>([
  [[], [], ["a/one.bin.xz", "b/three.bin.zst"]],
  [["c/four.bin"], [], ["a/one.bin.xz", "b/three.bin.zst", "c/four.bin"]],
  [["one.bin", "two.*"], [], ["a/one.bin.xz", "a/two.bin", "b/three.bin.zst"]],
  [["-a/*"], [], ["b/three.bin.zst"]],
  [["-*"], [], []],
  [["re:four"], ["re:^a/"], ["b/three.bin.zst", "c/four.bin"]],
  [["re:^a/one"], ["re:^a/"], ["a/one.bin.xz", "b/three.bin.zst"]],
])("firmware with %j and without %j", (include, exclude, chosen) => {
  expect(chooseFirmware(installed, ["a/one.bin.xz", "b/three.bin.zst"], { include, exclude })).toEqual(chosen);
});

test("what a built-in module wants softly comes along", () => {
  const texts = { dependencies: "kernel/crypto/crc32c-intel.ko:\nkernel/fs/ext4.ko:\n", soft: "", weak: "" };
  const builtin = "libcrc32c.license=GPL\0libcrc32c.softdep=pre: crc32c_intel post: none\0";
  expect(selectModules({ ...texts, builtin }, ["none*"])).toEqual(["kernel/crypto/crc32c-intel.ko"]);
});
