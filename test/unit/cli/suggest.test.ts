import { expect, it } from "vitest";
import { nearest } from "../../../src/cli/suggest.ts";

const words = ["build", "summary", "clean", "vm", "--format"];

it.each([
  ["biuld", "build"],
  ["BUILD", "build"],
  ["sumary", "summary"],
  ["--fromat", "--format"],
  ["clena", "clean"],
  ["wm", "vm"],
  ["frobnicate", undefined],
  ["shell", undefined],
])("%s: %s", (word, expected) => expect(nearest(word, words)).toBe(expected));
