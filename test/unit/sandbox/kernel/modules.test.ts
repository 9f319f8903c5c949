import { describe, expect, test } from "vitest";
import { matchFirmware } from "../../../../sandbox/kernel/firmware.ts";
import { moduleMatcher, selectModules } from "../../../../sandbox/kernel/modules.ts";
import { withParents } from "../../../../sandbox/kernel/modules-initrd.ts";

const TEXTS = {
  dependencies: [
    "kernel/fs/ext4/ext4.ko.xz: kernel/fs/jbd2/jbd2.ko.xz kernel/lib/crc16.ko.xz",
    "kernel/fs/jbd2/jbd2.ko.xz:",
    "kernel/lib/crc16.ko.xz:",
    "kernel/fs/nls/nls_utf8.ko.xz:",
    "kernel/crypto/crypto_x.ko:",
    "kernel/drivers/crypto/amd_ccp.ko.zst: kernel/crypto/crypto_x.ko",
    "kernel/drivers/net/soft_one.ko:",
    "kernel/drivers/net/weak_one.ko:",
    "updates/own.ko:",
    "",
  ].join("\n"),
  soft: "# comment\nsoftdep nls-utf8 pre: soft_one post: built_in\n",
  weak: "weakdep soft_one weak-one\n",
  builtin: "",
};

test("a module brings its dependencies, in order of their paths", () => {
  expect(selectModules(TEXTS, ["ext4"])).toEqual([
    "kernel/fs/ext4/ext4.ko.xz",
    "kernel/fs/jbd2/jbd2.ko.xz",
    "kernel/lib/crc16.ko.xz",
  ]);
});

test("soft and weak dependencies come along, whichever way they are spelt; absent ones do not matter", () => {
  expect(selectModules(TEXTS, ["/fs/nls/"])).toEqual([
    "kernel/drivers/net/soft_one.ko",
    "kernel/drivers/net/weak_one.ko",
    "kernel/fs/nls/nls_utf8.ko.xz",
  ]);
});

test("no pattern takes every module", () => {
  expect(selectModules(TEXTS, [])).toHaveLength(9);
});

describe("patterns", () => {
  test.each([
    [["ext4"], "kernel/fs/ext4/ext4.ko.xz", true],
    [["ext"], "kernel/fs/ext4/ext4.ko.xz", false],
    [["ext*"], "kernel/fs/ext4/ext4.ko", true],
    [["nls_utf8"], "kernel/fs/nls/nls-utf8.ko", true],
    [["nls-utf8"], "kernel/fs/nls/nls_utf8.ko.gz", true],
    [["/fs/nls/"], "kernel/fs/nls/nls_utf8.ko", true],
    [["/fs/nls/"], "kernel/other/fs/nls/nls_utf8.ko", false],
    [["fs/nls/"], "kernel/other/fs/nls/nls_utf8.ko", true],
    [["crypto/"], "kernel/drivers/crypto/deep/amd_ccp.ko", true],
    [["crypto/", "-/drivers/crypto/"], "kernel/drivers/crypto/amd_ccp.ko", false],
    [["crypto/", "-/drivers/crypto/"], "kernel/crypto/crypto_x.ko", true],
    [["-/drivers/crypto/", "amd_ccp"], "kernel/drivers/crypto/amd_ccp.ko", true],
    [["-*"], "kernel/fs/ext4/ext4.ko", false],
    [["/updates/own"], "updates/own.ko", true],
    [["raid[0-9]*"], "kernel/drivers/md/raid456.ko", true],
    [["raid[!0-9]*"], "kernel/drivers/md/raid456.ko", false],
    [["re:^fs/ext[34]/"], "kernel/fs/ext4/ext4.ko.xz", true],
    [["re:^kernel/"], "kernel/fs/ext4/ext4.ko.xz", false],
    [["a.c"], "kernel/abc.ko", false],
  ])("%j on %s", (patterns, path, taken) => {
    expect(moduleMatcher(patterns)(path)).toBe(taken);
  });
});

test("firmware is found under its name, compressed, or by a pattern", () => {
  const installed = ["a/one.bin", "a/one.bin.xz", "b/two.fw.zst", "c/v1.bin", "c/v2.bin.xz", "d/three.bin2"];
  expect(matchFirmware(installed, ["a/one.bin", "b/two.fw", "c/v*.bin", "d/three.bin", "e/none"])).toEqual([
    "a/one.bin",
    "a/one.bin.xz",
    "b/two.fw.zst",
    "c/v1.bin",
    "c/v2.bin.xz",
  ]);
});

test("folders above a path come along, below /usr/lib", () => {
  expect(withParents(["usr/lib/modules/6.1/kernel/a.ko", "usr/lib/firmware/x"])).toEqual([
    "usr/lib/firmware",
    "usr/lib/firmware/x",
    "usr/lib/modules",
    "usr/lib/modules/6.1",
    "usr/lib/modules/6.1/kernel",
    "usr/lib/modules/6.1/kernel/a.ko",
  ]);
});
