import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../../../../sandbox/context.ts";
import { ukiName } from "../../../../sandbox/kernel/entry-name.ts";
import { profileSection, ukiOptions } from "../../../../sandbox/kernel/uki.ts";
import { ukifyCommand } from "../../../../sandbox/kernel/ukify.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-uki-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(path: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), "");
}

function context(image: Partial<Context["image"]> = {}): Context {
  const base = { name: "demo", efiArchitecture: "x64", devicetrees: [], ukiProfiles: [] };
  return { image: { ...base, ...image } } as unknown as Context;
}

function job(image: Partial<Context["image"]> = {}) {
  const files = { kernel: "/k", stub: "/s", microcode: ["/m"], initrds: ["/i"], profiles: ["/p"] };
  return { context: context(image), root, version: "6.12", ...files, commandLine: [], output: "/o/uki.efi" };
}

test("each file is shown to ukify in a folder of its own", () => {
  const options = [
    { option: "uname", text: "6.12" },
    { option: "os-release", content: "/tree/os-release" },
    { option: "initrd", file: "/a/initrd" },
    { option: "initrd", file: "/b/initrd" },
  ];
  const common = { context: context(), kind: "kernel", options, output: "/out/uki.efi" } as const;
  const { argv, binds } = ukifyCommand({ ...common, stub: "/tree/stub", commandLine: ["quiet"] });
  const [seen, folder] = [(path: string) => `/run/caisson/${path}`, "/run/caisson/output"];
  expect(argv).toEqual([
    ...["ukify", "build", "--efi-arch", "x64", "--stub", seen("1/stub"), "--output", `${folder}/uki.efi`],
    ...["--cmdline", `@${seen("2/uki.efi.cmdline")}`, "--uname", "6.12", "--os-release", `@${seen("3/os-release")}`],
    ...["--initrd", seen("4/initrd"), "--initrd", seen("5/initrd")],
  ]);
  expect(binds[0]).toEqual({ source: "/out", target: folder });
  expect(binds.slice(1).every(({ readOnly }) => readOnly)).toBe(true);
});

test("microcode has a section of its own where the stub knows of it, else it comes first", () => {
  const names = (section: boolean) => ukiOptions(job(), section).map(({ option }) => option);
  expect(names(true)).toEqual(["os-release", "uname", "linux", "join-profile", "microcode", "initrd"]);
  expect(names(false)).toEqual(["os-release", "uname", "linux", "join-profile", "initrd", "initrd"]);
  expect(ukiOptions(job(), false).slice(-2)).toEqual([
    { option: "initrd", file: "/m" },
    { option: "initrd", file: "/i" },
  ]);
});

test("one devicetree is the kernel's; of several the hardware chooses", async () => {
  await file("usr/lib/modules/6.12/dtb/a.dtb");
  await file("usr/lib/modules/6.12/dtb/b.dtb");
  const names = (pattern: string) => ukiOptions(job({ devicetrees: [pattern] }), true).map(({ option }) => option);
  expect(names("a.dtb").filter((name) => name.startsWith("devicetree"))).toEqual(["devicetree"]);
  expect(names("*").filter((name) => name.startsWith("devicetree"))).toEqual(["devicetree-auto", "devicetree-auto"]);
});

test("a splash is looked for in the tree", async () => {
  expect(() => ukiOptions(job({ splash: "/usr/share/a.bmp" }), true)).toThrow(
    "demo: Splash=/usr/share/a.bmp, and the image has no such file",
  );
  await file("usr/share/a.bmp");
  expect(ukiOptions(job({ splash: "/usr/share/a.bmp" }), true)).toContainEqual({
    option: "splash",
    file: join(root, "usr/share/a.bmp"),
  });
});

test("profiles whose registers are not to be signed are left out of those that are", () => {
  const profile = (ID: string, signExpectedPcr: boolean) => ({ profile: { ID }, commandLine: [], signExpectedPcr });
  const image = { pcrKey: {} as Context["image"]["pcrKey"], ukiProfiles: [profile("a", true), profile("b", false)] };
  const signed = ukiOptions(job(image), true).filter(({ option }) => option === "sign-profile");
  expect(signed).toEqual(["main", "a"].map((text) => ({ option: "sign-profile", text })));
});

test("the section of a profile", () => {
  expect(profileSection({ ID: "debug", TITLE: "Debug mode" })).toBe('ID=debug\nTITLE="Debug mode"\n');
});

test.each<[format: string | undefined, hash: string | undefined, name: string]>([
  [undefined, undefined, "debian-6.12"],
  [undefined, "abc", "debian-6.12-abc"],
  ["own-&k-&h", "abc", "own-6.12-abc"],
  ["&&-&e&c", undefined, "&-debian"],
])("the name of a unified kernel image by %s with the hash %s", (unifiedKernelImageFormat, roothash, name) => {
  const partitions = roothash === undefined ? [] : [{ type: "root-x86-64", uuid: "r", roothash }];
  expect(ukiName({ unifiedKernelImageFormat }, "debian", "6.12", partitions)).toBe(name);
});
