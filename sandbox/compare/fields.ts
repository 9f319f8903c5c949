import type { Blob } from "./blob.ts";

/** One field of a header, as its specification has it. */
export interface Field {
  name: string;
  /** Bytes from the header's start. */
  at: number;
  type: "number" | "big-endian" | "uuid" | "guid" | "hex" | "text" | "time";
  /** Bytes. */
  size: number;
  /** Follows from the rest, as a checksum does: told only where nothing else explains a difference. */
  derived?: true;
}

type Row = [at: number, size: number, name: string, type?: Field["type"]];

/** Fields that say something of their own. */
export function fields(...rows: Row[]): Field[] {
  return rows.map(([at, size, name, type = "number"]) => ({ name, at, type, size }));
}

/** Fields that follow from others, or from the content. */
export function derived(...rows: Row[]): Field[] {
  return fields(...rows).map((field) => ({ ...field, derived: true }));
}

/** The value as people write it. */
export function show({ type }: Pick<Field, "type">, bytes: Buffer): string {
  switch (type) {
    case "number":
      return String(number(Buffer.from(bytes).reverse()));
    case "big-endian":
      return String(number(bytes));
    case "uuid":
      return uuid(bytes);
    case "guid":
      return guid(bytes);
    case "hex":
      return bytes.toString("hex");
    case "text":
      return JSON.stringify(bytes.toString("latin1").replace(/[\0 ]+$/, ""));
    case "time":
      return time(Number(number(Buffer.from(bytes).reverse())));
  }
}

function number(bigEndian: Buffer): bigint {
  return BigInt(`0x${bigEndian.toString("hex") || "0"}`);
}

/** Seconds since 1970, as ISO 8601 has it. */
export function time(seconds: number, nanoseconds = 0): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `@${seconds}`;
  const fraction = nanoseconds === 0 ? "" : `.${String(nanoseconds).padStart(9, "0").replace(/0+$/, "")}`;
  return date.toISOString().replace(".000Z", `${fraction}Z`);
}

export function uuid(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** The first three fields are little-endian (UEFI specification, appendix A). */
export function guid(bytes: Buffer): string {
  const swapped = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)].map((part) =>
    Buffer.from(part).reverse(),
  );
  return uuid(Buffer.concat([...swapped, bytes.subarray(8)]));
}

export interface FieldDifference {
  field: Field;
  a: string;
  b: string;
}

/** The fields of a header at `base` that two blobs do not have in common. */
export function compareFields(table: readonly Field[], a: Blob, b: Blob, base = 0): FieldDifference[] {
  return table.flatMap((field) => {
    const [left, right] = [a.read(base + field.at, field.size), b.read(base + field.at, field.size)];
    return left.equals(right) ? [] : [{ field, a: show(field, left), b: show(field, right) }];
  });
}

/** The name of the field at an offset of the header; undefined between fields. */
export function fieldAt(table: readonly Field[], offset: number): string | undefined {
  return table.find(({ at, size }) => offset >= at && offset < at + size)?.name;
}
