import { describe, expect, test } from "vitest";
import { compareVersions, minimumVersion, version } from "../../../../src/config/values/version.ts";
import { adds, contextWith, matches, reads, refuses } from "./context.ts";

describe("version", () => {
  reads(version, [["1.2", "1.2"]]);
  matches(version, [
    ["1.10", "1.10", true],
    [">1.9", "1.10", true],
    ["<=1.9", "1.10", false],
    ["!=2", "1", true],
    ["== 1", "1", true],
    [">=1~rc", "1", true],
  ]);

  // Older first, by the UAPI group's version format specification.
  test.each([
    ["11", "11"],
    ["systemd-123", "systemd-123"],
    ["bar-123", "foo-123"],
    ["123", "123a"],
    ["123.a", "123.b"],
    ["123.a", "123a"],
    ["11α", "11β"],
    ["12~rc1", "12"],
    ["1.9", "1.10"],
    ["007", "8"],
    ["1-2", "1.2"],
  ])("%s is not newer than %s", (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThanOrEqual(0);
    expect(compareVersions(newer, older)).toBe(-compareVersions(older, newer) + 0);
  });
});

describe("minimum version", () => {
  reads(minimumVersion, [
    ["26~x", "26~x"],
    ["27", "27"],
    ["", undefined],
  ]);
  adds(minimumVersion, [
    ["20", "21", "21"],
    ["20", "19", "20"],
    ["20", "", "20"],
  ]);
  refuses(minimumVersion, [["28", "version-too-old", "S=28: this Caisson does what mkosi 27 does"]]);
  test("a commit is taken with a warning", () => {
    const context = contextWith();
    expect(minimumVersion.parse("commit:abc", "20", context)).toBe("commit:abc");
    expect(context.warnings).toEqual(["commit-unchecked: S=commit:abc: whether Caisson has this commit is not known"]);
  });
});
