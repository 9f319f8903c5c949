import { expect, test } from "vitest";
import { moduleMatcher } from "../../../../sandbox/kernel/modules.ts";

test.each<[patterns: string[], path: string, taken: boolean]>([
  [[], "kernel/fs/ext4/ext4.ko.xz", true],
  [["ext4"], "kernel/fs/ext4/ext4.ko.xz", true],
  [["crypto/", "-/drivers/crypto/"], "kernel/drivers/crypto/ccp.ko", false],
  [["re:^fs/ext4/"], "kernel/fs/ext4/ext4.ko.xz", true],
  [["*", "-re:^fs/"], "kernel/fs/ext4/ext4.ko.xz", false],
  [["*", "-re:^fs/"], "kernel/drivers/block/loop.ko", true],
  [["*", "-re:^fs/", "ext4"], "kernel/fs/ext4/ext4.ko.xz", true],
  [["*", "-re:^fs/", "re:ext4"], "kernel/fs/ext4/ext4.ko.xz", true],
])("%j on %s: %s", (patterns, path, taken) => {
  expect(moduleMatcher(patterns)(path)).toBe(taken);
});
