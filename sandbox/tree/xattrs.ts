import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BUILDROOT } from "../run.ts";
import type { BytePath } from "./walk.ts";

export type Xattrs = Map<string, Buffer>;

/**
 * What belongs to the image: capabilities, ACLs, and what users set. The others of `security.` are what the host's kernel
 * thinks of the files, and what overlayfs notes down is its own.
 */
const KEPT = /^(security\.(capability|ima)$|system\.posix_acl_(access|default)$|(user|trusted)\.(?!overlay\.))/;

/**
 * The extended attributes of all files of a mounted tree that have any, in order of their names. Read in the namespace
 * that the files were written in, where the kernel translates the ids that capabilities and ACLs name.
 */
export async function readXattrs(
  { run, work }: Pick<Context, "run" | "work">,
  root: string,
): Promise<Map<BytePath, Xattrs>> {
  const folder = join(work, "xattrs");
  const file = join(folder, String(Math.random()));
  await mkdir(folder, { recursive: true });
  const options = ["--recursive", "--physical", "--no-dereference", "--absolute-names"];
  const what = ["--dump", "--match=-", "--encoding=base64"];
  await run(["getfattr", ...options, ...what, "--", BUILDROOT], { root, rootReadOnly: true, stdout: { file } });
  const dump = await readFile(file, "latin1");
  await rm(file);
  return parseXattrs(dump, BUILDROOT);
}

/** Reads what getfattr(1) printed of everything below a folder. */
export function parseXattrs(dump: string, folder: string): Map<BytePath, Xattrs> {
  const found = new Map<BytePath, Xattrs>();
  for (const block of dump.split("\n\n")) {
    const [head = "", ...lines] = block.split("\n").filter((line) => line !== "");
    const attributes = lines.map(parseLine).filter(([name]) => KEPT.test(name));
    if (attributes.length === 0) continue;
    const path = unquote(head.replace(/^# file: /, "")).slice(folder.length + 1);
    found.set(path, new Map(attributes.sort(([a], [b]) => (a < b ? -1 : 1))));
  }
  return found;
}

/** `NAME=0sBASE64`. */
function parseLine(line: string): [string, Buffer] {
  const at = line.indexOf("=");
  const name = unquote(line.slice(0, at));
  const value = Buffer.from(line.slice(at + 1).replace(/^0s/, ""), "base64");
  return [name, name === "security.capability" ? withoutNamespace(value) : value];
}

/** Line ends, `=` and backslashes are octal numbers behind a backslash. */
function unquote(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}

const CAPABILITY_VERSION_2 = 0x02000000;
const CAPABILITY_VERSION_3 = 0x03000000;

/**
 * struct vfs_cap_data (linux/capability.h) in version 2: version 3 adds the id of a user namespace's root, which means
 * nothing to another machine.
 */
export function withoutNamespace(value: Buffer): Buffer {
  if (value.length < 24) return value;
  const head = value.readUInt32LE(0);
  if ((head & 0xff000000) >>> 0 !== CAPABILITY_VERSION_3) return value;
  const plain = Buffer.from(value.subarray(0, 20));
  plain.writeUInt32LE((CAPABILITY_VERSION_2 | (head & 0xffffff)) >>> 0, 0);
  return plain;
}
