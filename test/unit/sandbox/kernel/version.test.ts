import { expect, test } from "vitest";
import { compareVersions } from "../../../../sandbox/kernel/version.ts";

test.each([
  ["6.12.9-amd64", "6.12.10-amd64", -1],
  ["6.12.10", "6.12.10", 0],
  ["6.12.10-2", "6.12.10-1", 1],
  ["6.13~rc1", "6.13", -1],
  ["6.13", "6.13~rc1", 1],
  ["6.13.0", "6.13", 1],
  ["6.012", "6.12", 0],
  ["6.12+deb13-amd64", "6.12+deb13-cloud-amd64", -1],
  ["6.12-abc", "6.12-ABC", 1],
  ["", "1", -1],
])("%s against %s", (left, right, order) => {
  expect(Math.sign(compareVersions(left, right))).toBe(order);
});
