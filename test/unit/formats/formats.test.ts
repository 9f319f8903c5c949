import { expect, test } from "vitest";
import { type Format, type FormatName, formats } from "../../../src/formats/index.ts";

test.each<[name: FormatName, extension: string, compression: string, compressible: boolean]>([
  ["confext", "raw", "none", true],
  ["cpio", "cpio", "zstd", true],
  ["directory", "", "none", false],
  ["disk", "raw", "none", true],
  ["esp", "raw", "zstd", false],
  ["none", "", "none", false],
  ["portable", "raw", "none", true],
  ["sysext", "raw", "none", true],
  ["tar", "tar", "zstd", true],
  ["uki", "efi", "zstd", false],
  ["oci", "", "gz", false],
  ["addon", "efi", "zstd", false],
])("%s", (name, extension, defaultCompression, compressible) => {
  expect(formats[name]).toMatchObject({ name, extension, defaultCompression, compressible });
});

test("a build can do every format", () => {
  const rows: readonly Format[] = Object.values(formats);
  expect(rows.filter(({ built }) => !built)).toEqual([]);
});

test("where a default initrd belongs, and where only with Bootable=yes", () => {
  const rows = Object.values(formats);
  expect(rows.filter(({ takesInitrd }) => !takesInitrd).map(({ name }) => name)).toEqual(["esp", "uki"]);
  expect(rows.filter(({ bootable }) => !bootable).map(({ name }) => name)).toEqual([
    "confext",
    "cpio",
    "directory",
    "portable",
    "sysext",
    "addon",
  ]);
});
