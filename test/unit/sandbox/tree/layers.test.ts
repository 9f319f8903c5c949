import { expect, test } from "vitest";
import { explainChanges } from "../../../../sandbox/tree/layers.ts";

type Inputs = Record<string, unknown>;

test.each<[string, Inputs, Inputs, string[]]>([
  ["nothing", { names: ["a"], epoch: 1 }, { epoch: 1, names: ["a"] }, []],
  ["a value", { epoch: 1 }, { epoch: 2 }, ["epoch"]],
  ["a new input", {}, { parent: "x" }, ["parent"]],
  ["an input that is gone", { parent: "x" }, {}, ["parent"]],
  ["gained and lost", { names: ["a", "b"] }, { names: ["b", "c"] }, ["names: +c -a"]],
  ["order alone", { names: ["a", "b"] }, { names: ["b", "a"] }, ["names: order"]],
  ["items that are no text", { trees: [] }, { trees: [{ target: "/" }] }, ['trees: +{"target":"/"}']],
  ["a list that was a text", { names: "a" }, { names: ["a"] }, ["names"]],
  ["undefined is as absent", { locale: undefined }, {}, []],
  ["several, by name", { b: 1, a: 1 }, { b: 2, a: 2 }, ["a", "b"]],
])("%s", (_title, before, after, lines) => {
  expect(explainChanges(before, after)).toEqual(lines);
});
