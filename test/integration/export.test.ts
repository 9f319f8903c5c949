import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caisson, names, project, remove, succeed } from "../support/caisson.ts";

/** A disk of a few files: what is exported matters little. */
const conf = [
  "[Distribution]",
  "Distribution=debian",
  "Release=bookworm",
  "[Output]",
  "ImageId=disk",
  "Seed=0e9ddf9d-3e5b-4d2c-8f2a-5d3f3b1c7a10",
  "[Content]",
  "Bootable=no",
  "BaseTrees=tree",
  "SourceDateEpoch=1700000000",
  "",
].join("\n");

let folder: string;
beforeAll(async () => {
  folder = await project({
    "mkosi.conf": conf,
    "tree/etc/hostname": "disk\n",
    "tree/usr/lib/os-release": "ID=debian\n",
    "mkosi.repart/root.conf": "[Partition]\nType=root\nFormat=ext4\nCopyFiles=/\nSizeMinBytes=32M\nSizeMaxBytes=32M\n",
  });
  await writeFile(join(folder, "tree/noise"), createHash("sha512").update("noise").digest());
  await succeed(folder, ["-f", "export", ...formats.map(([format]) => format), "ova"]);
});
afterAll(() => remove(folder));

/** What we call a format, and what qemu-img does. */
const formats: [format: string, qemu: string][] = [
  ["qcow2", "qcow2"],
  ["vmdk", "vmdk"],
  ["vhd", "vpc"],
  ["vhdx", "vhdx"],
  ["vdi", "vdi"],
];

describe.each(formats)("%s", (format, qemu) => {
  const file = () => join(folder, `disk.${format}`);

  test("qemu-img finds the disk in it, and nothing wrong", async () => {
    const { stdout } = await execa("qemu-img", ["info", "--output=json", file()]);
    const { size } = await stat(join(folder, "disk.raw"));
    expect(JSON.parse(stdout)).toMatchObject({ format: qemu, "virtual-size": size });
    // There is no check of vpc.
    if (qemu !== "vpc") await execa("qemu-img", ["check", "-f", qemu, file()]);
    await execa("qemu-img", ["compare", "-f", "raw", "-F", qemu, join(folder, "disk.raw"), file()]);
  });

  test("it belongs to the caller", async () => {
    expect((await stat(file())).uid).toBe(process.getuid?.());
  });
});

test("an OVA: descriptor, manifest and disk, in this order", async () => {
  const { stdout: list } = await execa("tar", ["--list", "--file", join(folder, "disk.ova")]);
  expect(list.split("\n")).toEqual(["disk.ovf", "disk.mf", "disk-disk1.vmdk"]);
  const unpacked = await project({});
  await execa("tar", ["--extract", "--file", join(folder, "disk.ova"), "--directory", unpacked]);
  const manifest = await readFile(join(unpacked, "disk.mf"), "utf8");
  const sums = await Promise.all(
    ["disk.ovf", "disk-disk1.vmdk"].map(async (name) => `SHA256(${name})= ${await sha256(join(unpacked, name))}\n`),
  );
  expect(manifest).toBe(sums.join(""));
  const vmdk = join(unpacked, "disk-disk1.vmdk");
  await execa("qemu-img", ["compare", "-f", "raw", "-F", "vmdk", join(folder, "disk.raw"), vmdk]);
  const { stdout } = await execa("qemu-img", ["info", "--output=json", vmdk]);
  expect(JSON.parse(stdout)["format-specific"].data["create-type"]).toBe("streamOptimized");
  const descriptor = await readFile(join(unpacked, "disk.ovf"), "utf8");
  const { size } = await stat(join(folder, "disk.raw"));
  expect(descriptor).toContain(`<Disk ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:capacity="${size}"`);
  await remove(unpacked);
});

test("exported again, every file has the same bytes; of a compressed disk as well", async () => {
  const all = [...formats.map(([format]) => format), "ova"];
  const sums = () => Promise.all(all.map((format) => sha256(join(folder, `disk.${format}`))));
  const before = await sums();
  await succeed(folder, ["-f", "--compress-output=zstd", "export", ...all]);
  expect(await sums()).toEqual(before);
  expect(await names(folder)).not.toContain("disk.raw.partial");
});

test("an export that is there already stays as it is", async () => {
  const before = await stat(join(folder, "disk.vdi"));
  const { code, error } = await caisson(folder, ["--compress-output=zstd", "export", "vdi"]);
  expect([code, error?.code, error?.message]).toEqual([1, "output-exists", "The output disk.vdi exists already"]);
  expect((await stat(join(folder, "disk.vdi"))).mtimeMs).toBe(before.mtimeMs);
});

test.each([
  [["qcow3"], 2, "unknown-export", "Unknown format qcow3; did you mean qcow2?"],
  [["oci-archive"], 1, "not-exportable", "disk.raw has Format=disk, of which no oci-archive can be made"],
])("%j is refused before anything is built", async (words, code, name, message) => {
  const outcome = await caisson(folder, ["export", ...words]);
  expect([outcome.code, outcome.error?.code, outcome.error?.message]).toEqual([code, name, message]);
});

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
