/**
 * What makes firmware boot a disk image from a CD-ROM drive: an empty ISO 9660 volume (ECMA-119) with a boot catalog
 * ("El Torito" Bootable CD-ROM Format Specification 1.0; UEFI specification, 13.3.2) that leads to the ESP. It lies
 * between the partition table and the first partition, where nothing else is.
 */

/** Bytes of a block of the volume. */
const BLOCK = 2048;
/** The blocks before it are the system's, which has its partition table there. */
const FIRST = 16;

/** Where everything is, in blocks. */
const PRIMARY = FIRST;
const BOOT_RECORD = FIRST + 1;
const TERMINATOR = FIRST + 2;
const CATALOG = FIRST + 3;
const ROOT_FOLDER = FIRST + 4;
const PATHS_LITTLE = FIRST + 5;
const PATHS_BIG = FIRST + 6;
const END = FIRST + 7;

/** Bytes from the start of the disk at which the volume's own blocks begin and end. */
export const EL_TORITO_AREA = { start: FIRST * BLOCK, end: END * BLOCK };

export interface ElToritoVolume {
  /** Bytes of the whole disk. */
  size: number;
  /** Bytes from the start of the disk; a multiple of 2048. */
  esp: number;
  /** Seconds. */
  epoch: number;
  /** ASCII, at most 32, 32 and 128 characters. */
  system: string;
  volume: string;
  publisher: string;
}

/** The bytes of `EL_TORITO_AREA`. */
export function elTorito(volume: ElToritoVolume): Buffer {
  const area = Buffer.alloc((END - FIRST) * BLOCK);
  const put = (block: number, content: Buffer) => content.copy(area, (block - FIRST) * BLOCK);
  put(PRIMARY, primary(volume));
  put(BOOT_RECORD, bootRecord());
  put(TERMINATOR, descriptor(255));
  put(CATALOG, catalog(volume.esp / BLOCK));
  put(ROOT_FOLDER, Buffer.concat([folderRecord(volume.epoch, 0), folderRecord(volume.epoch, 1)]));
  put(PATHS_LITTLE, pathTable("little"));
  put(PATHS_BIG, pathTable("big"));
  return area;
}

/** ECMA-119, 8.1: a descriptor of a type, of one block. */
function descriptor(type: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.writeUInt8(type, 0);
  block.write("CD001", 1, "latin1");
  block.writeUInt8(1, 6);
  return block;
}

/** ECMA-119, 8.4: the Primary Volume Descriptor. */
function primary({ size, epoch, system, volume, publisher }: ElToritoVolume): Buffer {
  const block = descriptor(1);
  const text = (value: string, offset: number, length: number) => block.write(value.padEnd(length), offset, "latin1");
  text(system, 8, 32);
  text(volume, 40, 32);
  bothWays32(block, Math.floor(size / BLOCK), 80);
  for (const offset of [120, 124]) bothWays16(block, 1, offset);
  bothWays16(block, BLOCK, 128);
  bothWays32(block, pathTable("little").length, 132);
  block.writeUInt32LE(PATHS_LITTLE, 140);
  block.writeUInt32BE(PATHS_BIG, 148);
  folderRecord(epoch, 0).copy(block, 156);
  text("", 190, 128);
  text(publisher, 318, 128);
  // Preparer, application, and the names of three files that are not there.
  text("", 446, 128 + 128 + 3 * 37);
  for (const offset of [813, 830]) block.write(longDate(epoch), offset, "latin1");
  for (const offset of [847, 864]) block.write("0".repeat(16), offset, "latin1");
  block.writeUInt8(1, 881);
  return block;
}

/** "El Torito", 2.0: the Boot Record Volume Descriptor. */
function bootRecord(): Buffer {
  const block = descriptor(0);
  block.write("EL TORITO SPECIFICATION", 7, "latin1");
  block.writeUInt32LE(CATALOG, 71);
  return block;
}

const EFI = 0xef;
const BOOTABLE = 0x88;

/**
 * "El Torito", 2.1 and 2.2: the validation entry, whose words add up to zero, and the default entry, which is not
 * emulated. A count of no sectors means all up to the end: an ESP has, as a rule, more than the field can say.
 */
function catalog(load: number): Buffer {
  const entries = Buffer.alloc(64);
  entries.writeUInt8(1, 0);
  entries.writeUInt8(EFI, 1);
  entries.writeUInt16LE(0xaa55, 30);
  let sum = 0;
  for (let offset = 0; offset < 32; offset += 2) sum += entries.readUInt16LE(offset);
  entries.writeUInt16LE(-sum & 0xffff, 28);
  entries.writeUInt8(BOOTABLE, 32);
  entries.writeUInt32LE(load, 40);
  return entries;
}

/** ECMA-119, 9.1: the record of the root folder, under the name that means itself (0) or its parent (1). */
function folderRecord(epoch: number, name: 0 | 1): Buffer {
  const record = Buffer.alloc(34);
  record.writeUInt8(record.length, 0);
  bothWays32(record, ROOT_FOLDER, 2);
  bothWays32(record, BLOCK, 10);
  shortDate(epoch).copy(record, 18);
  // A folder.
  record.writeUInt8(2, 25);
  bothWays16(record, 1, 28);
  record.writeUInt8(1, 32);
  record.writeUInt8(name, 33);
  return record;
}

/** ECMA-119, 9.4: the root folder alone, which is its own parent. */
function pathTable(order: "little" | "big"): Buffer {
  const table = Buffer.alloc(10);
  table.writeUInt8(1, 0);
  if (order === "little") {
    table.writeUInt32LE(ROOT_FOLDER, 2);
    table.writeUInt16LE(1, 6);
  } else {
    table.writeUInt32BE(ROOT_FOLDER, 2);
    table.writeUInt16BE(1, 6);
  }
  return table;
}

/** ECMA-119, 7.2.3 and 7.3.3: a number in either order of bytes. */
function bothWays16(block: Buffer, value: number, offset: number): void {
  block.writeUInt16LE(value, offset);
  block.writeUInt16BE(value, offset + 2);
}

function bothWays32(block: Buffer, value: number, offset: number): void {
  block.writeUInt32LE(value, offset);
  block.writeUInt32BE(value, offset + 4);
}

/** ECMA-119, 8.4.26.1: 16 digits, and a time zone, which is UTC as a zero byte. */
function longDate(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(/\D/g, "").slice(0, 16);
}

/** ECMA-119, 9.1.5. */
function shortDate(epoch: number): Buffer {
  const date = new Date(epoch * 1000);
  const day = [date.getUTCFullYear() - 1900, date.getUTCMonth() + 1, date.getUTCDate()];
  return Buffer.from([...day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), 0]);
}
