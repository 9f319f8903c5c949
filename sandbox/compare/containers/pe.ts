/** EFI programs, unified kernel images among them (Microsoft's "PE Format"; the UAPI group's "Unified Kernel Image"). */
import type { Place } from "../../protocol.ts";
import type { Blob } from "../blob.ts";
import type { Comparer, Container, Pair } from "../comparer.ts";
import { compareFields, derived, fieldAt, fields } from "../fields.ts";

/** From the signature `PE\0\0` on; the optional header is the 64-bit one. */
const HEADER = [
  ...fields([4, 2, "machine", "hex"], [6, 2, "sections"], [22, 2, "characteristics", "hex"], [24, 2, "magic", "hex"]),
  ...fields([8, 4, "timestamp", "time"], [26, 2, "linker version", "hex"], [40, 4, "entry point", "hex"]),
  ...fields([48, 8, "image base", "hex"], [92, 2, "subsystem"], [94, 2, "DLL characteristics", "hex"]),
  ...derived([28, 4, "size of code"], [32, 4, "size of initialized data"], [80, 4, "size of image"]),
  ...derived([84, 4, "size of headers"], [88, 4, "checksum", "hex"]),
];
const CERTIFICATES = 24 + 112 + 4 * 8;

interface Section {
  /** `.cmdline`; the second of a name, in another profile, `.cmdline #2`. */
  name: string;
  content: Blob;
  attributes: Record<string, string>;
}

export const pe: Container = {
  place: { kind: "executable", name: "EFI program" },
  detects: (blob) => headerAt(blob) !== undefined,
  compare: async (pair, place, comparer) => {
    const before = comparer.count;
    await compareSections(pair, place, comparer);
    const [a, b] = [pair.a.slice(headerAt(pair.a) ?? 0), pair.b.slice(headerAt(pair.b) ?? 0)];
    for (const { field, a: left, b: right } of compareFields(HEADER, a, b)) {
      if (!field.derived || comparer.count === before)
        comparer.report(place, { kind: "attribute", what: field.name, a: left, b: right });
    }
  },
  locate: (blob, offset) => {
    const header = headerAt(blob) ?? 0;
    if (offset < header) return "DOS stub";
    return fieldAt(HEADER, offset - header) ?? (offset < firstContent(blob) ? "section table" : "between sections");
  },
};

function headerAt(blob: Blob): number | undefined {
  const start = blob.read(0, 64);
  if (start.length < 64 || start.toString("latin1", 0, 2) !== "MZ") return undefined;
  const at = start.readUInt32LE(60);
  return blob.read(at, 4).toString("latin1") === "PE\0\0" ? at : undefined;
}

async function compareSections(pair: Pair<Blob>, place: Place[], comparer: Comparer): Promise<void> {
  const [a, b] = [readSections(pair.a), readSections(pair.b)];
  for (const name of new Set([...a, ...b].map((section) => section.name))) {
    const [left, right] = [a, b].map((sections) => sections.find((section) => section.name === name));
    const inner: Place[] = [...place, { kind: "section", name }];
    if (left && right) await compareSection({ a: left, b: right }, inner, comparer);
    else if (left) comparer.report(inner, { kind: "only", what: "section", a: `${left.content.size} bytes` });
    else if (right) comparer.report(inner, { kind: "only", what: "section", b: `${right.content.size} bytes` });
  }
}

async function compareSection({ a, b }: Pair<Section>, place: Place[], comparer: Comparer): Promise<void> {
  const before = comparer.count;
  await comparer.compare({ a: a.content, b: b.content }, place);
  if (comparer.count > before) return;
  for (const [what, value] of Object.entries(a.attributes)) {
    const other = b.attributes[what] ?? "";
    if (value !== other) comparer.report(place, { kind: "attribute", what, a: value, b: other });
  }
}

function readSections(blob: Blob): Section[] {
  const seen = new Map<string, number>();
  const sections = table(blob).map((entry) => {
    const name = entry.toString("latin1", 0, 8).replace(/\0+$/, "");
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    // On disk a section is padded to the file's alignment.
    const size = Math.min(entry.readUInt32LE(8), entry.readUInt32LE(16));
    return {
      name: count === 1 ? name : `${name} #${count}`,
      content: blob.slice(entry.readUInt32LE(20), size),
      attributes: { address: hex(entry, 12), characteristics: hex(entry, 36) },
    };
  });
  return [...sections, ...certificates(blob)];
}

function table(blob: Blob): Buffer[] {
  const at = headerAt(blob) ?? 0;
  const header = blob.read(at, 24);
  const start = at + 24 + header.readUInt16LE(20);
  const bytes = blob.read(start, header.readUInt16LE(6) * 40);
  return Array.from({ length: Math.floor(bytes.length / 40) }, (_, index) =>
    bytes.subarray(index * 40, (index + 1) * 40),
  );
}

/** Signatures stand behind the sections; their place is an offset of the file. */
function certificates(blob: Blob): Section[] {
  const entry = blob.read((headerAt(blob) ?? 0) + CERTIFICATES, 8);
  const [start, size] = [entry.readUInt32LE(0), entry.readUInt32LE(4)];
  return size === 0 ? [] : [{ name: "signature", content: blob.slice(start, size), attributes: {} }];
}

function firstContent(blob: Blob): number {
  return Math.min(...table(blob).map((entry) => entry.readUInt32LE(20)), blob.size);
}

function hex(entry: Buffer, at: number): string {
  return `0x${entry.readUInt32LE(at).toString(16)}`;
}
