/**
 * What qemu-img makes at random in a VHDX ([MS-VHDX]): ids and sequence numbers of the two headers, and the id that the
 * disk has on a SCSI bus, and entries of the log. A header's checksum is CRC-32C over its 4 KiB.
 */
import { contentUuid } from "./ids.ts";
import { type Patch, patchFile } from "./patch.ts";

const KIB = 1024;
const HEADERS = [64 * KIB, 128 * KIB];
const HEADER_SIZE = 4 * KIB;
const REGION_TABLE = 192 * KIB;

/** GUIDs as they lie in the file: the first three parts are little-endian. */
const METADATA_REGION = Buffer.from("06a27c8b90479a4bb8fe575f050f886e", "hex");
const PAGE_83 = Buffer.from("ab12cabee6b2234593efc309e000c746", "hex");

export async function settleVhdx(path: string, content: string): Promise<void> {
  await patchFile(path, async (file) => {
    // Of the two the header with the larger number is the current one.
    const numbers = await Promise.all(
      HEADERS.map(async (offset) => (await file.read(offset + 8, 8)).readBigUInt64LE(0)),
    );
    const [first = 0n, second = 0n] = numbers;
    for (const [index, offset] of HEADERS.entries())
      await settleHeader(file, offset, {
        number: index === 0 ? (first < second ? 1n : 2n) : first < second ? 2n : 1n,
        content,
      });
    await file.write(await page83(file), contentUuid(content, "vhdx disk"));
    await clearLog(file);
  });
}

/** 2.2.2 Headers. */
async function settleHeader(
  file: Patch,
  offset: number,
  { number, content }: { number: bigint; content: string },
): Promise<void> {
  const header = await file.read(offset, HEADER_SIZE);
  if (header.toString("latin1", 0, 4) !== "head") throw new Error(`there is no header of a VHDX at ${offset}`);
  header.writeBigUInt64LE(number, 8);
  contentUuid(content, "vhdx file").copy(header, 16);
  contentUuid(content, "vhdx data").copy(header, 32);
  header.writeUInt32LE(0, 4);
  header.writeUInt32LE(crc32c(header), 4);
  await file.write(offset, header);
}

/** 2.3 Log. After a clean end no entry counts, but those that did count had a random id. */
async function clearLog(file: Patch): Promise<void> {
  const header = await file.read(HEADERS[0] ?? 0, HEADER_SIZE);
  if (header.subarray(48, 64).some((byte) => byte !== 0)) throw new Error("the VHDX was not closed");
  await file.write(Number(header.readBigUInt64LE(72)), Buffer.alloc(header.readUInt32LE(68)));
}

/** Where the id of 2.6.2.6 lies: 2.2.3 Region Table, 2.6.1 Metadata Table. */
async function page83(file: Patch): Promise<number> {
  const regions = await file.read(REGION_TABLE, 64 * KIB);
  const region = findEntry(regions, { count: regions.readUInt32LE(8), start: 16, guid: METADATA_REGION });
  const table = Number(region.readBigUInt64LE(16));
  const metadata = await file.read(table, 64 * KIB);
  const item = findEntry(metadata, { count: metadata.readUInt16LE(10), start: 32, guid: PAGE_83 });
  return table + item.readUInt32LE(16);
}

/** Both tables have entries of 32 bytes that begin with a GUID. */
function findEntry(table: Buffer, { count, start, guid }: { count: number; start: number; guid: Buffer }): Buffer {
  const entries = Array.from({ length: count }, (_, index) =>
    table.subarray(start + 32 * index, start + 32 * (index + 1)),
  );
  const found = entries.find((entry) => entry.subarray(0, 16).equals(guid));
  if (!found) throw new Error(`a table of the VHDX has no entry ${guid.toString("hex")}`);
  return found;
}

/** Castagnoli's polynomial, reflected (RFC 3720, appendix B.4). */
export function crc32c(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
