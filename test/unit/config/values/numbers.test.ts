import { describe } from "vitest";
import { bytes, octalMode, sectorSize, sourceDateEpoch, wholeNumber } from "../../../../src/config/values/numbers.ts";
import { vsockCid } from "../../../../src/config/values/vsock.ts";
import { reads, refuses } from "./context.ts";

describe("whole number", () => {
  const number = wholeNumber("number", "a count", 1);
  reads(number, [
    ["7", 7],
    ["+7", 7],
    ["1_000", 1000],
    ["", undefined],
  ]);
  refuses(number, [
    ["0", "invalid-value", "S=0: expected a count, a whole number of at least 1"],
    ["1.5", "invalid-value", "S=1.5: expected a count, a whole number of at least 1"],
    ["99999999999999999999", "invalid-value", "S=99999999999999999999: expected a count, a whole number of at least 1"],
  ]);
});

describe("source date epoch", () => {
  reads(sourceDateEpoch, [["0", 0]]);
  refuses(sourceDateEpoch, [
    ["-1", "invalid-value", "S=-1: expected seconds since 1970, a whole number of at least 0"],
  ]);
});

describe("bytes", () => {
  reads(bytes, [
    ["1", 4096],
    ["4097", 8192],
    ["0.1", 4096],
    [".5K", 4096],
    ["5.", 4096],
    ["1e3", 4096],
    ["1_000K", 1024000],
    ["+8K", 8192],
    ["1.5M", 1572864],
    ["1.1G", 1181118464],
    ["2G", 2147483648],
    ["", undefined],
  ]);
  refuses(
    bytes,
    ["0", "-1", "2T", "2g", "G", "1e400"].map((text): [string, string, string] => [
      text,
      "invalid-value",
      `S=${text}: expected a size such as 512M, 2G or a number of bytes`,
    ]),
  );
});

describe("mode", () => {
  reads(octalMode, [
    ["755", 0o755],
    ["0o755", 0o755],
    ["+7", 7],
    ["7_55", 0o755],
    ["1777", 0o1777],
    ["", undefined],
  ]);
  refuses(
    octalMode,
    ["2000", "8", "-1", "rw", "0o"].map((text): [string, string, string] => [
      text,
      "invalid-value",
      `S=${text}: expected an access mode in octal such as 755, at most 1777`,
    ]),
  );
});

describe("sector size", () => {
  reads(sectorSize, [
    ["512", 512],
    ["4096", 4096],
  ]);
  refuses(
    sectorSize,
    ["256", "1000", "8192", "x"].map((text): [string, string, string] => [
      text,
      "invalid-value",
      `S=${text}: expected a sector size: 512, 1024, 2048 or 4096`,
    ]),
  );
});

describe("VSOCK connection ID", () => {
  const expected = "expected auto, hash or a number from 3 to 4294967294";
  reads(vsockCid, [
    ["auto", -1],
    ["hash", -2],
    ["3", 3],
    ["4294967294", 4294967294],
    ["", undefined],
  ]);
  refuses(vsockCid, [
    ["2", "invalid-value", `S=2: ${expected}`],
    ["4294967295", "invalid-value", `S=4294967295: ${expected}`],
    ["hsah", "invalid-value", `S=hsah: ${expected}; did you mean hash?`],
  ]);
});
