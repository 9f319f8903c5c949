/** A disk with a GUID partition table (UEFI specification, chapter 5.3), and the start of the disk before it. */
import type { Place } from "../../protocol.ts";
import type { Blob } from "../blob.ts";
import type { Comparer, Container, Pair } from "../comparer.ts";
import { compareFields, derived, fields, guid } from "../fields.ts";

const SIGNATURE = "EFI PART";

const HEADER = [
  ...fields([8, 4, "revision", "hex"], [40, 8, "first usable sector"], [48, 8, "last usable sector"]),
  ...fields([56, 16, "disk id", "guid"], [80, 4, "entries"], [84, 4, "entry size"]),
  ...derived([16, 4, "header checksum", "hex"], [32, 8, "backup header"], [88, 4, "table checksum", "hex"]),
];

const ENTRY = [
  ...fields([0, 16, "type", "guid"], [16, 16, "partition id", "guid"], [32, 8, "first sector"], [40, 8, "last sector"]),
  ...fields([48, 8, "attributes", "hex"]),
];

interface Table {
  /** Bytes. */
  sector: number;
  /** Where the entries begin, and what they occupy; bytes. */
  start: number;
  length: number;
  partitions: Partition[];
}

interface Partition {
  number: number;
  name: string;
  /** Bytes from the disk's start: its entry, and itself. */
  entry: number;
  start: number;
  length: number;
}

export const gpt: Container = {
  place: { kind: "disk", name: "GPT" },
  detects: (blob) => sectorSize(blob) !== undefined,
  compare: comparePartitions,
  locate,
};

/** Headers are looked for where sectors of 512 and of 4096 bytes have them. */
function sectorSize(blob: Blob): number | undefined {
  return [512, 4096].find((size) => blob.read(size, SIGNATURE.length).toString("latin1") === SIGNATURE);
}

async function comparePartitions(pair: Pair<Blob>, place: Place[], comparer: Comparer): Promise<void> {
  const [a, b] = [readTable(pair.a), readTable(pair.b)];
  const report = (where: Place[], what: string, left: string, right: string) =>
    comparer.report(where, { kind: "attribute", what, a: left, b: right });
  if (a.sector !== b.sector) return report(place, "sector size", String(a.sector), String(b.sector));
  for (const { field, a: left, b: right } of compareFields(HEADER, pair.a, pair.b, a.sector)) {
    if (!field.derived) report(place, field.name, left, right);
  }
  for (const number of new Set([...a.partitions, ...b.partitions].map((each) => each.number))) {
    const [left, right] = [a, b].map((table) => table.partitions.find((each) => each.number === number));
    const inner: Place[] = [...place, { kind: "partition", name: describe(left ?? right, number) }];
    if (left && right) await comparePartition(pair, { a: left, b: right }, inner, comparer);
    else comparer.report(inner, { kind: "only", what: "partition", ...(left ? { a: "there" } : { b: "there" }) });
  }
}

function describe(partition: Partition | undefined, number: number): string {
  return partition?.name ? `${number} (${partition.name})` : String(number);
}

async function comparePartition(
  disks: Pair<Blob>,
  { a, b }: Pair<Partition>,
  place: Place[],
  comparer: Comparer,
): Promise<void> {
  const entries = { a: disks.a.slice(a.entry, 128), b: disks.b.slice(b.entry, 128) };
  if (a.name !== b.name) comparer.report(place, { kind: "attribute", what: "label", a: a.name, b: b.name });
  for (const { field, a: left, b: right } of compareFields(ENTRY, entries.a, entries.b))
    comparer.report(place, { kind: "attribute", what: field.name, a: left, b: right });
  await comparer.compare({ a: disks.a.slice(a.start, a.length), b: disks.b.slice(b.start, b.length) }, place);
}

function readTable(disk: Blob): Table {
  const sector = sectorSize(disk) ?? 512;
  const header = disk.read(sector, 92);
  const [start, count, size] = [
    Number(header.readBigUInt64LE(72)) * sector,
    header.readUInt32LE(80),
    header.readUInt32LE(84),
  ];
  const length = Math.min(count, 1024) * size;
  const table = disk.read(start, length);
  const partitions = Array.from({ length: Math.floor(table.length / size) }, (_, index) => {
    return readEntry(table.subarray(index * size, (index + 1) * size), index, start + index * size, sector);
  });
  return { sector, start, length, partitions: partitions.filter((each) => each !== undefined) };
}

function readEntry(bytes: Buffer, index: number, entry: number, sector: number): Partition | undefined {
  if (/^[0-]+$/.test(guid(bytes.subarray(0, 16)))) return undefined;
  const [first, last] = [Number(bytes.readBigUInt64LE(32)), Number(bytes.readBigUInt64LE(40))];
  const name = bytes.subarray(56, 128).toString("utf16le").replace(/\0.*$/s, "");
  return { number: index + 1, name, entry, start: first * sector, length: (last - first + 1) * sector };
}

function locate(disk: Blob, offset: number): string {
  const { sector, start, length, partitions } = readTable(disk);
  if (offset < 440) return "boot code";
  if (offset < sector) return "protective MBR";
  if (offset < 2 * sector) return `GPT header, ${headerField(offset - sector)}`;
  if (offset >= start && offset < start + length) return "partition table";
  if (partitions.some((each) => offset >= each.start && offset < each.start + each.length)) return "partition";
  const end = Math.max(...partitions.map((each) => each.start + each.length), start + length);
  return offset >= disk.size - sector - length && offset >= end ? "backup partition table" : "space between partitions";
}

function headerField(offset: number): string {
  return HEADER.find(({ at, size }) => offset >= at && offset < at + size)?.name ?? "reserved";
}
