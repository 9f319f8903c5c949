import { describe, expect, expectTypeOf, test } from "vitest";
import { type Config, findSetting, settings } from "../../../src/config/settings/index.ts";
import type { Get, Setting, Surroundings } from "../../../src/config/settings/setting.ts";
import { toJson } from "../../../src/config/values/form.ts";
import facts from "../../fixtures/settings.json" with { type: "json" };

/** What the fixture says of one setting of the reference; what it leaves out is empty or no. */
interface Facts {
  name: string;
  section: string;
  scope: string;
  kind: string;
  long: string;
  short?: string;
  files?: string[];
  specifier?: string;
  oldNames?: string[];
  oldLongs?: string[];
  values?: string[];
  matchable?: boolean;
  inToolsTree?: boolean;
  clearable?: boolean;
  fileHoldsValue?: boolean;
  secret?: boolean;
  inJson?: boolean;
  /** Its default depends on other settings or on the machine. */
  computed?: boolean;
  /** In the reference's JSON. */
  default?: unknown;
}

const rows: readonly Setting[] = settings;
const ofReference = (facts as Facts[]).map((fact) => [fact.name, fact] as const);
const duplicates = (names: string[]) => names.filter((name, index) => names.indexOf(name) !== index);

const surroundings: Surroundings = {
  image: "main",
  workingDirectory: "/w",
  host: { distribution: "debian", release: "trixie" },
  distributionAt: () => "debian",
  environment: {},
  exists: () => false,
};

/** Values that were assigned, by name; all others have their defaults. */
function defaults(
  assigned: Record<string, unknown> = {},
  around: Partial<Surroundings> = {},
): (name: string) => unknown {
  const known = { ...surroundings, ...around };
  const get: Get = (row) =>
    (Object.hasOwn(assigned, row.name) ? assigned[row.name] : row.fallback(get, known)) as never;
  return (name) => get(rowOf(name));
}

function rowOf(name: string): Setting {
  const row = findSetting(name);
  if (row === undefined) throw new Error(`No row ${name}`);
  return row;
}

describe("the table", () => {
  test("has each name, option and specifier once", () => {
    expect(duplicates(rows.flatMap(({ name, oldNames }) => [name, ...oldNames]))).toEqual([]);
    expect(duplicates(rows.flatMap(({ long, oldLongs }) => [long, ...oldLongs]))).toEqual([]);
    expect(duplicates(rows.flatMap(({ short }) => short ?? []))).toEqual([]);
    expect(duplicates(rows.flatMap(({ specifier }) => specifier ?? []))).toEqual([]);
  });

  test("has the reference's 188 settings in its order, then those of Caisson", () => {
    expect(ofReference).toHaveLength(188);
    expect(rows.slice(0, 188).map(({ name }) => name)).toEqual(ofReference.map(([name]) => name));
    expect(new Set(rows.slice(188).map(({ section }) => section))).toEqual(new Set(["X-Caisson"]));
  });

  test.each(ofReference)("%s is what it is in the reference", (name, fact) => {
    const row = rowOf(name);
    expect({
      name: row.name,
      section: row.section,
      scope: row.scope,
      kind: row.kind,
      long: row.long,
      ...(row.short === undefined ? {} : { short: row.short }),
      files: row.files,
      ...(row.specifier === undefined ? {} : { specifier: row.specifier }),
      oldNames: row.oldNames,
      oldLongs: row.oldLongs,
      matchable: row.matchable,
      inToolsTree: row.inToolsTree,
      clearable: row.clearable,
      fileHoldsValue: row.fileHoldsValue,
      secret: row.secret,
      inJson: row.inJson,
    }).toEqual({
      name,
      section: fact.section,
      scope: fact.scope,
      kind: fact.kind,
      long: fact.long,
      ...(fact.short === undefined ? {} : { short: fact.short }),
      files: fact.files ?? [],
      ...(fact.specifier === undefined ? {} : { specifier: fact.specifier }),
      oldNames: fact.oldNames ?? [],
      oldLongs: fact.oldLongs ?? [],
      matchable: fact.matchable === true,
      inToolsTree: fact.inToolsTree === true,
      clearable: fact.clearable === true,
      fileHoldsValue: fact.fileHoldsValue === true,
      secret: fact.secret === true,
      inJson: fact.inJson === true,
    });
  });

  test.each(ofReference.filter(([, { values }]) => values !== undefined))(
    "%s has the reference's words",
    (name, fact) => {
      expect([...(rowOf(name).type.words ?? [])].sort()).toEqual([...(fact.values ?? [])].sort());
    },
  );

  test.each(ofReference.filter(([, { computed }]) => !computed))("%s has the reference's default", (name, fact) => {
    const value = defaults()(name);
    expect(toJson(rowOf(name).type.form, value)).toEqual(fact.default);
  });

  test.each(ofReference.filter(([, { computed }]) => computed))("%s says in words what its default is", (name) => {
    expect(rowOf(name).defaultText).toMatch(/^\S.*[^.]$/);
  });

  test.each(rows.map((row) => [row.name, row] as const))("%s can be given, and is described", (_, row) => {
    expect(row.long).toMatch(/^--[a-z0-9-]+$/);
    expect(row.short ?? "-x").toMatch(/^-[a-zA-Z]$/);
    expect(row.help).toMatch(/^[A-Z].{0,98}[^.]$/);
    expect(row.metavar).toMatch(/^[A-Z]/);
    if (row.matchable) expect(row.type.matches).toBeTypeOf("function");
    if (row.addsTo !== undefined) expect(rowOf(row.addsTo).type.collection).toBe(true);
  });

  test("short forms that take no value", () => {
    const flags = rows.filter(({ short, takesValue }) => short !== undefined && !takesValue);
    expect(flags.map(({ short, flagValue }) => `${short} ${flagValue}`)).toEqual(["-a yes", "-i yes", "-T no"]);
  });

  test("two notations of one list", () => {
    expect(rows.flatMap(({ name, addsTo }) => (addsTo === undefined ? [] : [`${name} ${addsTo}`]))).toEqual([
      "KernelModulesInclude KernelModules",
      "KernelModulesInitrdInclude KernelInitrdModules",
      "FirmwareInclude FirmwareFiles",
    ]);
  });

  test("old names lead to the row", () => {
    expect(findSetting("QemuMem")?.name).toBe("RAM");
    expect(findSetting("toString")).toBeUndefined();
  });

  test("types of values come from the rows", () => {
    expectTypeOf<Config["Bootloader"]>().toEqualTypeOf<
      "none" | "uki" | "systemd-boot" | "grub" | "uki-signed" | "systemd-boot-signed" | "grub-signed"
    >();
    expectTypeOf<Config["Packages"]>().toEqualTypeOf<string[]>();
    expectTypeOf<Config["Seed"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Config["WithDocs"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Config["SourceDateEpoch"]>().toEqualTypeOf<number | undefined>();
  });
});

describe("computed defaults", () => {
  test.each<[setting: string, assigned: Record<string, unknown>, value: unknown]>([
    ["Distribution", {}, "debian"],
    ["Release", {}, "trixie"],
    ["Release", { Distribution: "ubuntu" }, "devel"],
    ["Release", { Distribution: "arch" }, "rolling"],
    ["Output", {}, "image"],
    ["Output", { ImageId: "os" }, "os"],
    ["Output", { ImageId: "os", ImageVersion: "7" }, "os_7"],
    ["OutputExtension", {}, "raw"],
    ["OutputExtension", { Format: "tar" }, "tar"],
    ["OutputExtension", { Format: "uki" }, "efi"],
    ["CompressOutput", {}, "none"],
    ["CompressOutput", { Format: "esp" }, "zstd"],
    ["CompressOutput", { Format: "addon" }, "zstd"],
    ["CompressOutput", { Format: "sysext" }, "none"],
    ["CompressOutput", { Format: "oci" }, "gz"],
    ["Initrds", {}, []],
    ["Initrds", { Packages: ["linux-image-amd64"] }, ["default"]],
    ["Initrds", { VolatilePackages: ["linux-image-amd64"] }, ["default"]],
    ["Initrds", { Packages: ["linux-image-amd64"], Distribution: "arch" }, []],
    ["Initrds", { Packages: ["linux-image-amd64"], Overlay: true }, []],
    ["Initrds", { Packages: ["linux-image-amd64"], Format: "directory" }, []],
    ["Initrds", { Packages: ["linux-image-amd64"], Format: "portable" }, []],
    ["Initrds", { Packages: ["linux-image-amd64"], Format: "oci" }, ["default"]],
    ["Initrds", { Packages: ["linux-image-amd64"], Bootable: "disabled" }, []],
    ["Initrds", { Bootable: "enabled" }, ["default"]],
    ["Initrds", { Bootable: "enabled", Format: "cpio" }, ["default"]],
    ["Initrds", { Bootable: "enabled", Format: "uki" }, []],
    ["Initrds", { Bootable: "enabled", Format: "esp" }, []],
    ["SourceDateEpoch", {}, undefined],
    ["SourceDateEpoch", { Environment: { SOURCE_DATE_EPOCH: "12" } }, undefined],
    ["RepositoryKeyFetch", { Distribution: "arch" }, false],
    ["RepositoryKeyFetch", { Distribution: "arch", ToolsTree: "default", ToolsTreeDistribution: "ubuntu" }, true],
    ["RepositoryKeyFetch", { Distribution: "fedora", ToolsTree: "yes", ToolsTreeDistribution: "ubuntu" }, true],
    ["RepositoryKeyFetch", { Distribution: "kali", ToolsTree: "default", ToolsTreeDistribution: "ubuntu" }, false],
    ["RepositoryKeyFetch", { Distribution: "arch", ToolsTree: "default", ToolsTreeDistribution: "nixos" }, true],
  ])("%s where %j is set", (setting, assigned, value) => {
    expect(defaults(assigned)(setting)).toEqual(value);
  });

  test.each<[setting: string, around: Partial<Surroundings>, value: unknown]>([
    ["Distribution", { host: { distribution: "gentoo", release: "2" } }, "custom"],
    ["Distribution", { host: { distribution: undefined, release: undefined } }, "custom"],
    ["Release", { host: { distribution: "fedora", release: undefined } }, "rawhide"],
    ["Architecture", { host: { distribution: "fedora", release: "44", architecture: "arm64" } }, "arm64"],
    ["Output", { image: "sub" }, "sub"],
    ["SourceDateEpoch", { environment: { SOURCE_DATE_EPOCH: "7" } }, 7],
    ["RepositoryKeyFetch", { distributionAt: () => "nixos" }, true],
    ["RepositoryKeyFetch", { distributionAt: () => "ubuntu" }, false],
  ])("%s where %j is around", (setting, around, value) => {
    expect(defaults({}, around)(setting)).toEqual(value);
  });

  test("the tools tree's own distribution decides whether keys are fetched", () => {
    const distributionAt = (root: string) => (root === "/tree" ? "ubuntu" : "fedora");
    expect(defaults({ ToolsTree: "/tree", Distribution: "fedora" }, { distributionAt })("RepositoryKeyFetch")).toBe(
      true,
    );
    expect(defaults({ Distribution: "fedora" }, { distributionAt })("RepositoryKeyFetch")).toBe(false);
  });
});

describe("what a build does", () => {
  test.each<[setting: string, value: unknown, isBuilt: boolean]>([
    ["Format", "cpio", true],
    ["Format", "oci", true],
    ["Distribution", "ubuntu", true],
    ["Distribution", "arch", false],
    ["CompressOutput", "gz", true],
    ["CompressOutput", "lzma", true],
    ["Bootloader", "uki", true],
    ["Bootloader", "grub", true],
    ["UnifiedKernelImages", "unsigned", true],
    ["UnifiedKernelImages", "signed", true],
    ["Packages", ["a"], true],
  ])("%s=%j: %s", (setting, value, isBuilt) => {
    expect(rowOf(setting).isBuilt(value)).toBe(isBuilt);
  });
});
