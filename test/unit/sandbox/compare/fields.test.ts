import { expect, test } from "vitest";
import { Bytes } from "../../../../sandbox/compare/blob.ts";
import { compareFields, derived, fieldAt, fields, show, time } from "../../../../sandbox/compare/fields.ts";

const hex = (digits: string) => Buffer.from(digits, "hex");

test.each([
  ["number", "0102", "513"],
  ["big-endian", "0102", "258"],
  ["hex", "0aff", "0aff"],
  ["text", "61622000", '"ab"'],
  ["time", "00f15365", "2023-11-14T22:13:20Z"],
  ["uuid", "000102030405060708090a0b0c0d0e0f", "00010203-0405-0607-0809-0a0b0c0d0e0f"],
  ["guid", "000102030405060708090a0b0c0d0e0f", "03020100-0504-0706-0809-0a0b0c0d0e0f"],
] as const)("%s %s is %s", (type, digits, shown) => {
  expect(show({ type }, hex(digits))).toBe(shown);
});

test.each([
  [0, 0, "1970-01-01T00:00:00Z"],
  [1, 500_000_000, "1970-01-01T00:00:01.5Z"],
  [-1, 1, "1969-12-31T23:59:59.000000001Z"],
  [1e15, 0, "@1000000000000000"],
])("%s seconds and %s nanoseconds are %s", (seconds, nanoseconds, shown) => {
  expect(time(seconds, nanoseconds)).toBe(shown);
});

test("fields that two headers do not have in common, and what lies between fields", () => {
  const table = [...fields([0, 1, "first"], [2, 2, "second"]), ...derived([4, 1, "sum"])];
  const [a, b] = [new Bytes(hex("ff0101020003")), new Bytes(hex("ff0102020004"))];
  const found = compareFields(table, a, b, 0).map(({ field, a: left, b: right }) => [field.name, left, right]);
  expect(found).toEqual([["second", "513", "514"]]);
  expect(compareFields(table, a, b, 1).map(({ field }) => [field.name, field.derived])).toEqual([["sum", true]]);
  expect([fieldAt(table, 1), fieldAt(table, 3)]).toEqual([undefined, "second"]);
});
