import { describe, expect, test } from "vitest";
import { environment, packageList, textList } from "../../../src/config/values/collections.ts";
import { enumeration } from "../../../src/config/values/enumeration.ts";
import { path, pathList, treeList } from "../../../src/config/values/paths.ts";
import {
  boolean,
  bytes,
  feature,
  filename,
  globbedText,
  rootPassword,
  text,
  uuid,
  wholeNumber,
} from "../../../src/config/values/scalars.ts";
import type { ValueContext, ValueType } from "../../../src/config/values/value-type.ts";
import { compareVersions, version } from "../../../src/config/values/version.ts";

const context: ValueContext = {
  setting: "S",
  place: "f:3",
  directory: "/conf",
  environment: { HOME: "/home/u", A: "/a", NAME: "n" },
  files: {
    exists: (name) => name !== "/conf/missing",
    isDirectory: () => true,
    resolve: (name) => name.replace("/conf/link", "/target"),
    mode: () => 0o644,
    read: () => "",
    list: () => [],
  },
};
const color = enumeration({
  noun: "color",
  values: ["red", "green", "blue"],
  supported: ["red", "green"],
  aliases: { rot: "red" },
  yes: "green",
  no: "red",
});
const number = wholeNumber("number", "a number");
const words = textList();
const options = textList({ separator: "blank" });

describe("reading values", () => {
  test.each<[type: ValueType, text: string, value: unknown]>([
    [text, "a b", "a b"],
    [text, "", undefined],
    [filename, "a.b", "a.b"],
    ...["1", "true", "YES", "y", "t", "on", "always"].map((word): [ValueType, string, unknown] => [
      boolean,
      word,
      true,
    ]),
    ...["0", "false", "No", "n", "f", "off", "never"].map((word): [ValueType, string, unknown] => [
      boolean,
      word,
      false,
    ]),
    [boolean, "", undefined],
    [feature, "auto", "auto"],
    [feature, "enabled", "enabled"],
    [feature, "no", "disabled"],
    [number, "7", 7],
    [number, "0", 0],
    [bytes, "1", 4096],
    [bytes, "4097", 8192],
    [bytes, "1.5M", 1572864],
    [bytes, "2G", 2 * 1024 ** 3],
    [bytes, "8K", 8192],
    [uuid, "0E9A4D5C1B2A4C3D8E7F00112233AABB", "0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb"],
    [uuid, "{0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb}", "0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb"],
    [rootPassword, "secret", { value: "secret", hashed: false }],
    [rootPassword, "hashed:$y$x ", { value: "$y$x", hashed: true }],
    [color, "red", "red"],
    [color, "rot", "red"],
    [color, "yes", "green"],
    [color, "", undefined],
    [words, "a b,c\nd", ["a", "b", "c", "d"]],
    [words, "", undefined],
    [options, "a=1,2 b\nc", ["a=1,2", "b", "c"]],
    [packageList, "/p b (c if d) a", ["a", "b", "d)", "if", "/p", "(c"]],
    [
      environment,
      "A=1 'B=x y' C=\"p q\" D=r\\ s NAME GONE",
      { A: "1", B: "x y", C: "p q", D: "r s", NAME: "n", GONE: "" },
    ],
    [environment, "", undefined],
    [path(), "x", "/conf/x"],
    [path(), "../x", "/x"],
    [path(), "~/x", "/home/u/x"],
    [path(), "$A/x", "/a/x"],
    [path(), "$".concat("{A}b"), "/ab"],
    [path(), "$GONE/x", "/conf/$GONE/x"],
    [path(), "link/x", "/target/x"],
    [path(), "missing", "/conf/missing"],
    [pathList({ constants: ["default"] }), "default /x", ["default", "/x"]],
    [treeList, "a b:/c", [{ source: "/conf/a" }, { source: "/conf/b", target: "/c" }]],
  ])("%s reads %j", (type, assigned, value) => {
    expect(type.parse(assigned, undefined, context)).toEqual(value);
    if (value !== undefined) expect(type.schema.safeParse(value).success).toBe(true);
  });

  test("collections add up and keep their order", () => {
    expect(words.parse("c", ["b"], context)).toEqual(["b", "c"]);
    expect(packageList.parse("a", ["b"], context)).toEqual(["a", "b"]);
    expect(environment.parse("A=2 B=3", { A: "1", C: "4" }, context)).toEqual({ A: "2", B: "3", C: "4" });
  });

  test("'random' makes a new UUID each time", () => {
    expect(uuid.parse("random", undefined, context)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(uuid.parse("random", undefined, context)).not.toBe(uuid.parse("random", undefined, context));
  });
});

describe("refusing values", () => {
  test.each<[type: ValueType, text: string, code: string, message: string]>([
    [filename, "a/b", "invalid-value", "f:3: S=a/b: expected a file name without a folder"],
    [filename, "..", "invalid-value", "f:3: S=..: expected a file name without a folder"],
    [boolean, "maybe", "invalid-value", "f:3: S=maybe: expected yes or no"],
    [feature, "maybe", "invalid-value", "f:3: S=maybe: expected yes, no or auto"],
    [number, "-1", "invalid-value", "f:3: S=-1: expected a number, a whole number of at least 0"],
    [number, "1.5", "invalid-value", "f:3: S=1.5: expected a number, a whole number of at least 0"],
    [bytes, "0", "invalid-value", "f:3: S=0: expected a size such as 512M, 2G or a number of bytes"],
    [bytes, "2T", "invalid-value", "f:3: S=2T: expected a size such as 512M, 2G or a number of bytes"],
    [uuid, "abc", "invalid-value", "f:3: S=abc: expected a UUID or 'random'"],
    [color, "gren", "unknown-color", "f:3: S=gren: expected red or green; did you mean green?"],
    [color, "purple", "unknown-color", "f:3: S=purple: expected red or green"],
    [color, "constructor", "unknown-color", "f:3: S=constructor: expected red or green"],
    [color, "blue", "color-unsupported", "f:3: S=blue: this version of Caisson has red or green"],
    [environment, "=x", "invalid-value", "f:3: S==x: expected NAME=VALUE"],
    [environment, "A='x", "invalid-value", "f:3: S=A='x: a quotation or a backslash is not ended"],
    [
      path({ required: true }),
      "missing",
      "file-not-found",
      "f:3: S= names 'missing', but /conf/missing does not exist",
    ],
    [treeList, "missing:/x", "file-not-found", "f:3: S= names 'missing', but /conf/missing does not exist"],
    [treeList, "a:b", "invalid-value", "f:3: S=a:b: expected an absolute path after the colon"],
  ])("%s refuses %j", (type, assigned, code, message) => {
    expect(() => type.parse(assigned, undefined, context)).toThrow(
      expect.objectContaining({ code, exitCode: 2, message }),
    );
  });
});

describe("matching values", () => {
  test.each<[type: ValueType, condition: string, value: unknown, expected: boolean]>([
    [text, "a", "a", true],
    [text, "a*", "ab", false],
    [globbedText, "a*", "a/b", true],
    [globbedText, "a?c", "abc", true],
    [globbedText, "[!a]b", "ab", false],
    [globbedText, "a.c", "abc", false],
    [feature, "yes", "enabled", true],
    [feature, "auto", "enabled", false],
    [color, "rot", "red", true],
    [color, "blue", "red", false],
    [version, "1.10", "1.10", true],
    [version, ">1.9", "1.10", true],
    [version, "<=1.9", "1.10", false],
    [version, "!=2", "1", true],
    [textList({ matchable: true }), "a", ["b", "a"], true],
    [textList({ matchable: true }), "", [], true],
    [textList({ matchable: true }), "", ["a"], false],
    [environment, "A", { A: "1" }, true],
    [environment, "A=2", { A: "1" }, false],
  ])("%s: %s against %j", (type, condition, value, expected) => {
    expect(type.matches?.(condition, value, context)).toBe(expected);
  });

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
