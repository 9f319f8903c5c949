import { describe, expect, test } from "vitest";
import {
  boolean,
  feature,
  filename,
  globbedText,
  rootPassword,
  text,
  uuid,
} from "../../../../src/config/values/scalars.ts";
import { contextWith, matches, reads, refuses, writes } from "./context.ts";

describe("text", () => {
  reads(text, [
    ["a b", "a b"],
    ["", undefined],
  ]);
  matches(text, [
    ["a", "a", true],
    ["a*", "ab", false],
  ]);
  matches(globbedText, [
    ["a*", "a/b", true],
    ["a*", "ba", false],
  ]);
});

describe("filename", () => {
  reads(filename(), [["a.b", "a.b"]]);
  refuses(filename(), [
    ["a/b", "invalid-value", "S=a/b: expected a file name without a folder"],
    ["..", "invalid-value", "S=..: expected a file name without a folder"],
    [" . ", "invalid-value", "S= . : expected a file name without a folder"],
  ]);
  test("shows its hint", () => {
    expect(() => filename("use D=").parse("a/b", undefined, contextWith())).toThrow(
      expect.objectContaining({ hint: "use D=" }),
    );
  });
});

describe("boolean", () => {
  reads(boolean, [
    ...["1", "true", "YES", "y", "t", "on", "always"].map((word): [string, boolean] => [word, true]),
    ...["0", "false", "No", "n", "f", "off", "never"].map((word): [string, boolean] => [word, false]),
    ["", undefined],
  ]);
  refuses(boolean, [
    ["maybe", "invalid-value", "S=maybe: expected yes or no"],
    ["flase", "invalid-value", "S=flase: expected yes or no; did you mean false?"],
    ["constructor", "invalid-value", "S=constructor: expected yes or no"],
  ]);
});

describe("feature", () => {
  reads(feature, [
    ["auto", "auto"],
    ["enabled", "enabled"],
    ["no", "disabled"],
    ["Yes", "enabled"],
    ["", undefined],
  ]);
  refuses(feature, [
    ["maybe", "invalid-value", "S=maybe: expected yes, no or auto"],
    ["enabeld", "invalid-value", "S=enabeld: expected yes, no or auto; did you mean enabled?"],
  ]);
  matches(feature, [
    ["yes", "enabled", true],
    ["auto", "enabled", false],
  ]);
});

describe("UUID", () => {
  const value = "0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb";
  reads(uuid, [
    ["0E9A4D5C1B2A4C3D8E7F00112233AABB", value],
    ["{0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb}", value],
    ["urn:uuid:0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb", value],
    ["0e9a-4d5c1b2a4c3d8e7f00112233aabb", value],
    ["", undefined],
  ]);
  refuses(uuid, [["abc", "invalid-value", "S=abc: expected a UUID or 'random'"]]);
  test("'random' makes a new one each time", () => {
    expect(uuid.parse("random", undefined, contextWith())).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(uuid.parse("random", undefined, contextWith())).not.toBe(uuid.parse("random", undefined, contextWith()));
  });
});

describe("root password", () => {
  reads(rootPassword, [
    ["secret", { value: "secret", hashed: false }],
    ["hashed:$y$x ", { value: "$y$x", hashed: true }],
    ["", undefined],
  ]);
  writes(rootPassword, [[{ value: "$y$x", hashed: true }, ["$y$x", true]]]);
});
