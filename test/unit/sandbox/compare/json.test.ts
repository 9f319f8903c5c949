import { expect, test } from "vitest";
import { between, told } from "./comparing.ts";

const differences = async (a: string, b: string) => (await between(Buffer.from(a), Buffer.from(b))).map(told);

test("every value under its path", async () => {
  const [a, b] = [
    { config: { Env: ["A=1", "B"] }, n: 1 },
    { config: { Env: ["A=2", "B", "C"] }, m: null },
  ];
  expect(await differences(JSON.stringify(a), JSON.stringify(b))).toEqual([
    'config.Env[0]: "A=1" -> "A=2"',
    'config.Env[2]: (none) -> "C"',
    "n: 1 -> (none)",
    "m: (none) -> null",
  ]);
});

test("the same values, laid out in another way", async () => {
  expect(await differences('{"a":1}', '{"a": 1}')).toEqual([
    'JSON > layout of the JSON: "1}" -> " 1}"',
    "JSON > size: 7 -> 8",
  ]);
});

test("what only begins like JSON is text", async () => {
  expect(await differences("[Unit]\n", "[Install]\n")).toEqual([
    'content: "Unit]\\n" -> "Install]\\n"',
    "size: 7 -> 10",
  ]);
});
