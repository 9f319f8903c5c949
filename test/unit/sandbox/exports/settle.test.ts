import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { contentUuid } from "../../../../sandbox/exports/ids.ts";
import { ovfDescriptor } from "../../../../sandbox/exports/ovf.ts";
import { settleVdi } from "../../../../sandbox/exports/vdi.ts";
import { settleVhd } from "../../../../sandbox/exports/vhd.ts";
import { crc32c, settleVhdx } from "../../../../sandbox/exports/vhdx.ts";
import { settleVmdk, withContentId } from "../../../../sandbox/exports/vmdk.ts";

const folder = mkdtempSync(join(tmpdir(), "caisson-exports-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (data: Buffer) => {
  const path = join(folder, "file");
  writeFileSync(path, data);
  return path;
};
const KIB = 1024;

test("a UUID of version 8", () => {
  expect(contentUuid("a", "b").toString("hex")).toMatch(/^.{12}8.{3}[89ab].{15}$/);
  expect(contentUuid("a", "b")).not.toEqual(contentUuid("a", "c"));
});

test.each(["CID=1", "CID=fffffffe", "CID=12345678"])("the content id of a descriptor: %s", (line) => {
  const area = Buffer.alloc(200);
  area.write(`# Disk DescriptorFile\nversion=1\n${line}\nparentCID=ffffffff\n`);
  const settled = withContentId(area, "content");
  expect(settled).toHaveLength(200);
  expect(settled.toString().replace(/\0+$/, "")).toMatch(
    /^# Disk DescriptorFile\nversion=1\nCID=[0-7][0-9a-f]{7}\nparentCID=ffffffff\n$/,
  );
  expect(withContentId(settled, "content")).toEqual(settled);
});

test("a descriptor without one, or a file that is no VMDK", async () => {
  expect(() => withContentId(Buffer.from("parentCID=ffffffff\n"), "")).toThrow(
    "the descriptor has no content id to replace",
  );
  await expect(settleVmdk(file(Buffer.alloc(512)), "")).rejects.toThrow("is no VMDK");
});

test("time, id and sum of a VHD's footers", async () => {
  const footer = Buffer.alloc(512);
  footer.write("conectix");
  footer.writeUInt32BE(700_000_000, 24);
  footer.write("random random!!!", 68);
  const path = file(Buffer.concat([footer, Buffer.alloc(512), footer]));
  await settleVhd(path, "content");
  const settled = readFileSync(path);
  expect(settled.subarray(0, 512)).toEqual(settled.subarray(1024));
  expect(settled.readUInt32BE(24)).toBe(0);
  expect(settled.subarray(68, 84)).toEqual(contentUuid("content", "vhd"));
  const sum = settled.readUInt32BE(64);
  const bytes = Buffer.from(settled.subarray(0, 512));
  bytes.writeUInt32BE(0, 64);
  expect(sum).toBe(~bytes.reduce((total, byte) => total + byte, 0) >>> 0);
  await expect(settleVhd(file(Buffer.alloc(512)), "")).rejects.toThrow("there is no footer of a VHD at 0");
});

test("the ids of a VDI", async () => {
  const header = Buffer.alloc(512);
  header.writeUInt32LE(0xbeda107f, 0x40);
  const path = file(header);
  await settleVdi(path, "content");
  expect(readFileSync(path).subarray(0x188, 0x198)).toEqual(contentUuid("content", "vdi image"));
  expect(readFileSync(path).subarray(0x198, 0x1a8)).toEqual(contentUuid("content", "vdi snapshot"));
  await expect(settleVdi(file(Buffer.alloc(512)), "")).rejects.toThrow("is no VDI");
});

/** As qemu-img leaves it: two headers, a region table, one table of metadata, a log of no entries that count. */
function vhdx(first: bigint, second: bigint, logId = 0): Buffer {
  const data = Buffer.alloc(3 * 1024 * KIB, 0);
  for (const [offset, number] of [
    [64 * KIB, first],
    [128 * KIB, second],
  ] as const) {
    data.write("head", offset);
    data.writeBigUInt64LE(number, offset + 8);
    data.fill(7, offset + 16, offset + 48);
    data.fill(logId, offset + 48, offset + 64);
    data.writeUInt32LE(4 * KIB, offset + 68);
    data.writeBigUInt64LE(BigInt(1024 * KIB), offset + 72);
  }
  data.write("regi", 192 * KIB);
  data.writeUInt32LE(1, 192 * KIB + 8);
  data.write("06a27c8b90479a4bb8fe575f050f886e", 192 * KIB + 16, "hex");
  data.writeBigUInt64LE(BigInt(2048 * KIB), 192 * KIB + 32);
  data.write("metadata", 2048 * KIB);
  data.writeUInt16LE(2, 2048 * KIB + 10);
  data.write("ab12cabee6b2234593efc309e000c746", 2048 * KIB + 64, "hex");
  data.writeUInt32LE(64 * KIB, 2048 * KIB + 80);
  data.fill(9, 1024 * KIB, 1028 * KIB);
  return data;
}

test.each([
  [5n, 9n],
  [9n, 5n],
])("a VHDX, whose current header stays that: %i, %i", async (first, second) => {
  const path = file(vhdx(first, second));
  await settleVhdx(path, "content");
  const settled = readFileSync(path);
  const numbers = [64, 128].map((offset) => settled.readBigUInt64LE(offset * KIB + 8));
  expect(numbers).toEqual(first < second ? [1n, 2n] : [2n, 1n]);
  const header = Buffer.from(settled.subarray(64 * KIB, 68 * KIB));
  const sum = header.readUInt32LE(4);
  header.writeUInt32LE(0, 4);
  expect(crc32c(header)).toBe(sum);
  expect(header.subarray(16, 32)).toEqual(contentUuid("content", "vhdx file"));
  expect(settled.subarray(2112 * KIB, 2112 * KIB + 16)).toEqual(contentUuid("content", "vhdx disk"));
  expect(settled.subarray(1024 * KIB, 1028 * KIB).every((byte) => byte === 0)).toBe(true);
});

test("a VHDX that is none, or was not closed", async () => {
  await expect(settleVhdx(file(Buffer.alloc(200 * KIB)), "")).rejects.toThrow("there is no header of a VHDX at 65536");
  await expect(settleVhdx(file(vhdx(1n, 2n, 3)), "")).rejects.toThrow("the VHDX was not closed");
});

test("CRC-32C, by the examples of RFC 3720", () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
});

test("a descriptor of OVF", () => {
  const disk = { file: "a&b-disk1.vmdk", size: 10, capacity: 1000 };
  const machine = { name: "a&b", memory: 2048, cpus: 2, firmware: "efi" as const, architecture: "x86-64", disk };
  const text = ovfDescriptor(machine);
  for (const part of [
    '<File ovf:id="file1" ovf:href="a&amp;b-disk1.vmdk" ovf:size="10"/>',
    'ovf:capacity="1000"',
    '<VirtualSystem ovf:id="a&amp;b">',
    "<rasd:VirtualQuantity>2048</rasd:VirtualQuantity>",
    '<OperatingSystemSection ovf:id="101">',
    'vmw:key="firmware" vmw:value="efi"',
  ])
    expect(text).toContain(part);
  expect(ovfDescriptor({ ...machine, architecture: "x86" })).toContain('<OperatingSystemSection ovf:id="36">');
});
