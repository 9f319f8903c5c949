import { expect, test } from "vitest";
import { clockArguments } from "../../../sandbox/clock.ts";

test("the host's clock unless another is asked for, for whoever has a network, and a clock that stands still", () => {
  expect(clockArguments(undefined, {})).toEqual([]);
  expect(clockArguments(60, { network: true })).toEqual([]);
  expect(clockArguments(60, { environment: { FAKETIME: "2026-01-01 00:00:00" } })).toEqual([]);
});

test("a tools image without the library says so", () => {
  expect(() => clockArguments(60, {}, () => false)).toThrow(
    "this tools image has no libfaketime, which moves the clock of tools",
  );
});

test("the library is where programs of a tree find it, too", () => {
  const places = (options: object) => {
    const words = clockArguments(60, options, () => true);
    return words.filter((_, index) => words[index - 2] === "--ro-bind");
  };
  expect(places({})).toEqual(["/run/caisson/libfaketime.so.1"]);
  expect(places({ root: "/r", chroot: true })).toEqual(["/run/caisson/libfaketime.so.1"]);
  expect(places({ root: "/r", apivfs: true })).toEqual([
    "/run/caisson/libfaketime.so.1",
    "/buildroot/run/caisson/libfaketime.so.1",
  ]);
  expect(clockArguments(60, {}, () => true).slice(3)).toEqual([
    ...["--setenv", "LD_PRELOAD", "/run/caisson/libfaketime.so.1", "--setenv", "FAKETIME", "+60s"],
    ...["--setenv", "NO_FAKE_STAT", "1", "--setenv", "FAKETIME_DONT_FAKE_MONOTONIC", "1"],
  ]);
});
