import { describe, expect, expectTypeOf, test } from "vitest";
import { type Config, findSetting, settings } from "../../../src/config/settings/index.ts";
import { laterSettings } from "../../../src/config/settings/later.ts";
import type { Setting } from "../../../src/config/settings/setting.ts";

const rows: readonly Setting[] = settings;
const duplicates = (names: string[]) => names.filter((name, index) => names.indexOf(name) !== index);

describe("the table", () => {
  test("has each name, option and specifier once", () => {
    expect(duplicates(rows.flatMap(({ name, oldNames }) => [name, ...oldNames]))).toEqual([]);
    expect(duplicates(rows.flatMap(({ long, oldLongs }) => [long, ...oldLongs]))).toEqual([]);
    expect(duplicates(rows.flatMap(({ short }) => short ?? []))).toEqual([]);
    expect(duplicates(rows.flatMap(({ specifier }) => specifier ?? []))).toEqual([]);
  });

  test("and the list of what comes later share nothing, and together are the reference's 188", () => {
    const names = rows.filter(({ section }) => section !== "X-Caisson").map(({ name }) => name);
    expect(names.filter((name) => Object.hasOwn(laterSettings, name))).toEqual([]);
    expect(names.length + Object.keys(laterSettings).length).toBe(188);
  });

  test.each(rows.map((row) => [row.name, row] as const))("%s can be given, and is described", (_, row) => {
    expect(row.long).toMatch(/^--[a-z0-9-]+$/);
    expect(row.short ?? "-x").toMatch(/^-[a-zA-Z]$/);
    expect(row.help).toMatch(/^[A-Z].*[^.]$/);
    expect(row.takesValue).toBe(row.kind !== "boolean" && row.kind !== "feature");
  });

  test("old names lead to the row", () => {
    expect(findSetting("QemuMem")?.name).toBe("RAM");
    expect(findSetting("toString")).toBeUndefined();
  });

  test("types of values come from the rows", () => {
    expectTypeOf<Config["Format"]>().toEqualTypeOf<"directory" | "tar" | "cpio" | "disk">();
    expectTypeOf<Config["Packages"]>().toEqualTypeOf<string[]>();
    expectTypeOf<Config["Seed"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Config["WithDocs"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Config["SourceDateEpoch"]>().toEqualTypeOf<number | undefined>();
  });
});
