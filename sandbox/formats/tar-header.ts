import { isUtf8 } from "node:buffer";
import { ACCESS, aclText, DEFAULT } from "../tree/acls.ts";
import type { EntryKind, TreeEntry } from "../tree/entries.ts";
import { type BytePath, byCodeUnit } from "../tree/walk.ts";

export const BLOCK = 512;

/** Type flags of ustar. */
const TYPES: Record<EntryKind | "link" | "extended", string> = {
  file: "0",
  link: "1",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
  extended: "x",
};

export interface TarOptions {
  /** Access control lists as text, beside the attributes; unless said otherwise. */
  acls?: boolean;
}

/** The header of an entry: a ustar block, and before it what that has no room for, as pax records. */
export function header(entry: TreeEntry, options: TarOptions = {}): Buffer {
  const name = tarName(entry);
  const target = entry.linkTo ?? entry.target?.toString("latin1") ?? "";
  const records = paxRecords(entry, name, target, options);
  const fields = { ...entry, type: TYPES[entry.linkTo === undefined ? entry.kind : "link"] };
  const plain = block({ ...fields, ...(splitName(name) ?? { name: name.slice(0, 100), prefix: "" }), target });
  return records.length === 0 ? plain : Buffer.concat([...extended(entry, records), plain]);
}

/** `./` for the root; folders end with a slash. */
export function tarName({ path, kind }: Pick<TreeEntry, "path" | "kind">): BytePath {
  if (path === "") return "./";
  return kind === "directory" ? `${path}/` : path;
}

/** ACLs as star, GNU tar and libarchive read them. Others read the attributes, which are there too, as in GNU tar's archives. */
const ACLS = { [ACCESS]: "SCHILY.acl.access", [DEFAULT]: "SCHILY.acl.default" };

/** Largest number of eleven octal digits, and of seven. */
const MOST_LONG = 0o77777777777;
const MOST_SHORT = 0o7777777;

function paxRecords(
  { size, mtime, uid, gid, xattrs }: TreeEntry,
  name: BytePath,
  target: BytePath,
  { acls = true }: TarOptions,
): Buffer[] {
  const records: [string, Buffer][] = [];
  const text = (key: string, value: string | number) => records.push([key, Buffer.from(String(value), "latin1")]);
  const [longName, longTarget] = [splitName(name) === undefined, target.length > 100];
  if (longName || charset(name) === "utf8") text("path", name);
  if (longTarget || charset(target) === "utf8") text("linkpath", target);
  // libarchive takes records for UTF-8 otherwise, as the standard says that they are.
  if ((longName && charset(name) === "bytes") || (longTarget && charset(target) === "bytes"))
    text("hdrcharset", "BINARY");
  if (size > MOST_LONG) text("size", size);
  if (mtime > MOST_LONG) text("mtime", mtime);
  if (uid > MOST_SHORT) text("uid", uid);
  if (gid > MOST_SHORT) text("gid", gid);
  for (const [name, key] of Object.entries(ACLS)) {
    const value = xattrs.get(name);
    if (value && acls) text(key, aclText(value));
  }
  for (const [key, value] of xattrs) records.push([`SCHILY.xattr.${Buffer.from(key, "latin1").toString()}`, value]);
  return records.sort(byKey).map(([key, value]) => record(key, value));
}

/** The character set goes before what is written in it. */
function byKey([a]: [string, Buffer], [b]: [string, Buffer]): number {
  return Number(b === "hdrcharset") - Number(a === "hdrcharset") || byCodeUnit(a, b);
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** The records as a file of their own, whose name only old readers see. */
function* extended(entry: TreeEntry, records: Buffer[]): Generator<Buffer> {
  const data = Buffer.concat(records);
  const name = `PaxHeaders/${entry.path.slice(entry.path.lastIndexOf("/") + 1)}`.slice(0, 100);
  const fields = { uid: 0, gid: 0, mode: 0o644, mtime: entry.mtime, size: data.length };
  yield block({ ...fields, name, prefix: "", target: "", type: TYPES.extended });
  yield data;
  yield Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
}

/** A name of up to 100 bytes, or one that a slash parts in up to 155 and up to 100. Undefined where it is neither. */
function splitName(name: BytePath): { name: BytePath; prefix: BytePath } | undefined {
  if (name.length <= 100) return { name, prefix: "" };
  const at = name.slice(0, 156).lastIndexOf("/", name.length - 2);
  const rest = name.length - at - 1;
  return at > 0 && rest <= 100 ? { name: name.slice(at + 1), prefix: name.slice(0, at) } : undefined;
}

/** Records are UTF-8, a header's fields are bytes: a short name that is no UTF-8 is read back best from there. */
function charset(text: BytePath): "ascii" | "utf8" | "bytes" {
  for (let at = 0; at < text.length; at++)
    if (text.charCodeAt(at) > 0x7e) return isUtf8(Buffer.from(text, "latin1")) ? "utf8" : "bytes";
  return "ascii";
}

interface Fields extends Pick<TreeEntry, "mode" | "uid" | "gid" | "size" | "mtime" | "device"> {
  name: BytePath;
  prefix: BytePath;
  target: BytePath;
  type: string;
}

/** Names of owners stay empty: they would be looked up where the archive is read. */
function block(fields: Fields): Buffer {
  const data = Buffer.alloc(BLOCK);
  data.write(fields.name, 0, 100, "latin1");
  octal(data, 100, 8, fields.mode);
  octal(data, 108, 8, fields.uid);
  octal(data, 116, 8, fields.gid);
  octal(data, 124, 12, fields.size);
  octal(data, 136, 12, fields.mtime);
  data.write(`        ${fields.type}`, 148, "latin1");
  data.write(fields.target, 157, 100, "latin1");
  data.write("ustar\x0000", 257, "latin1");
  if (fields.device) {
    octal(data, 329, 8, fields.device.major);
    octal(data, 337, 8, fields.device.minor);
  }
  data.write(fields.prefix, 345, 155, "latin1");
  let sum = 0;
  for (const byte of data) sum += byte;
  data.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return data;
}

/** Zero where the number has no room: a pax record has it then. */
function octal(data: Buffer, at: number, width: number, value: number): void {
  const digits = value.toString(8).padStart(width - 1, "0");
  data.write(`${digits.length < width ? digits : "0".repeat(width - 1)}\0`, at, "latin1");
}
