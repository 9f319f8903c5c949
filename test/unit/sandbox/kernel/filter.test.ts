import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../../../../sandbox/context.ts";
import { devicetrees } from "../../../../sandbox/kernel/devicetrees.ts";
import { filterModules } from "../../../../sandbox/kernel/filter.ts";
import { listFirmware } from "../../../../sandbox/kernel/firmware.ts";
import { microcodeFiles, microcodeInitrd } from "../../../../sandbox/kernel/microcode.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-filter-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(path: string, content = ""): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

/** A tree with one kernel; modinfo says that `net` asks for firmware. */
async function context(image: Partial<Context["image"]>): Promise<Context> {
  const kernel = "usr/lib/modules/6.12";
  await file(`${kernel}/modules.dep`, "kernel/net.ko.xz: kernel/lib.ko\nkernel/lib.ko:\nkernel/sound.ko:\n");
  for (const name of ["net.ko.xz", "lib.ko", "sound.ko"]) await file(`${kernel}/kernel/${name}`);
  for (const name of ["net/a.bin", "net/b.bin", "sound/c.bin", "amd-ucode/microcode_amd.bin"])
    await file(`usr/lib/firmware/${name}`);
  const run = async (argv: string[]) => ({ exitCode: 0, stdout: argv.join().includes("net.ko") ? "net/a.bin\n" : "" });
  const all = { kernelModules: [], firmware: { include: [], exclude: [] }, ...image };
  return { image: all, run, work: join(root, "work"), epoch: 1000 } as unknown as Context;
}

const left = (names: string[]) => names.filter((name) => existsSync(join(root, "usr/lib", name)));
const MODULES = ["net.ko.xz", "lib.ko", "sound.ko"].map((name) => `modules/6.12/kernel/${name}`);
const FIRMWARE = ["firmware/net/a.bin", "firmware/net/b.bin", "firmware/sound", "firmware/amd-ucode/microcode_amd.bin"];

test("without a word on either, all stay", async () => {
  await filterModules(await context({}), root);
  expect(left([...MODULES, ...FIRMWARE])).toEqual([...MODULES, ...FIRMWARE]);
});

test("a module stays with what it depends on, and with its firmware; microcode is none", async () => {
  await filterModules(await context({ kernelModules: ["net"] }), root);
  expect(left(MODULES)).toEqual(MODULES.slice(0, 2));
  expect(left(FIRMWARE)).toEqual([FIRMWARE[0], FIRMWARE[3]]);
  expect(left(["modules/6.12/modules.dep"])).toHaveLength(1);
});

test("firmware alone can be thinned out", async () => {
  await filterModules(await context({ firmware: { include: ["b.bin"], exclude: ["re:a.bin"] } }), root);
  expect(left(MODULES)).toEqual(MODULES);
  expect(left(FIRMWARE)).toEqual([FIRMWARE[1], FIRMWARE[3]]);
});

test("firmware is found below linked folders, but not outside of the tree", async () => {
  await file("usr/lib/firmware/real/x.bin");
  await symlink("real", join(root, "usr/lib/firmware/alias"));
  await symlink("/etc", join(root, "usr/lib/firmware/away"));
  expect(listFirmware(root).sort()).toEqual(["alias", "alias/x.bin", "away", "real/x.bin"]);
});

test("microcode of all processors, without signatures, or of one", async () => {
  for (const name of ["intel-ucode/06-8f-08", "intel-ucode/06-9a-03", "amd-ucode/microcode_amd.bin"])
    await file(`usr/lib/firmware/${name}`, name);
  await file("usr/lib/firmware/amd-ucode/microcode_amd.bin.asc");
  expect(microcodeFiles(root, undefined)).toEqual([
    { name: "AuthenticAMD", paths: ["usr/lib/firmware/amd-ucode/microcode_amd.bin"] },
    {
      name: "GenuineIntel",
      paths: ["usr/lib/firmware/intel-ucode/06-8f-08", "usr/lib/firmware/intel-ucode/06-9a-03"],
    },
  ]);
  const intel = { vendor: "GenuineIntel", family: 6, model: 0x8f, stepping: 8 };
  expect(microcodeFiles(root, intel)).toEqual([
    { name: "GenuineIntel", paths: ["usr/lib/firmware/intel-ucode/06-8f-08"] },
  ]);
  expect(microcodeFiles(root, { ...intel, vendor: "AuthenticAMD", family: 0x19 })).toEqual([]);
});

test("the microcode's archive has what the kernel looks for at the start of it", async () => {
  const job = await context({ architecture: "x86-64" });
  await mkdir(join(root, "work"));
  await file("usr/lib/firmware/amd-ucode/microcode_amd.bin", "AMD!");
  expect(await microcodeInitrd(job, root, join(root, "out"))).toBe(true);
  const archive = await readFile(join(root, "out"), "latin1");
  expect(archive.match(/kernel[\w/.]*/g)).toEqual([
    ...["kernel", "kernel/x86", "kernel/x86/microcode", "kernel/x86/microcode/AuthenticAMD.bin"],
  ]);
  expect(archive).toContain("AMD!");
  const arm = await context({ architecture: "arm64" });
  expect(await microcodeInitrd(arm, root, join(root, "none"))).toBe(false);
});

test("devicetrees are found wherever a kernel has them", async () => {
  for (const path of ["modules/6.12/dtb/rockchip/a.dtb", "linux-image-6.12/imx/b.dtb", "linux-image-6.12/imx/c.txt"])
    await file(`usr/lib/${path}`);
  expect(devicetrees(root, "6.12", ["*"])).toEqual([
    { path: "usr/lib/linux-image-6.12/imx/b.dtb", name: "imx/b.dtb" },
    { path: "usr/lib/modules/6.12/dtb/rockchip/a.dtb", name: "rockchip/a.dtb" },
  ]);
  expect(devicetrees(root, "6.12", ["rockchip/*"])).toHaveLength(1);
  expect(devicetrees(root, "6.12", [])).toEqual([]);
});
