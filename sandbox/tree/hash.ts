import { createHash } from "node:crypto";
import { createReadStream, readFileSync, readlinkSync, type Stats } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type BytePath, onDisk, walk } from "./walk.ts";

/** SHA-256, lowercase hexadecimal. */
export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of a file's content, in constant memory. */
export async function fileHash(path: string | Buffer): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** Below this a file is read in one go. */
const SMALL = 1 << 20;

export interface HashOptions {
  /** What counts as not there. */
  skip?: ((path: BytePath) => boolean) | undefined;
  /** Ids count as well, where a copy keeps them. */
  owners?: boolean;
  /** Extended attributes of the files that have any. */
  xattrs?: ReadonlyMap<BytePath, ReadonlyMap<string, Buffer>>;
  /** Hash of a file that is mostly holes, which need not be read. */
  sparse?: (file: Buffer) => Promise<string>;
}

/**
 * SHA-256 over everything that a copy of a file or folder takes with it: names, kinds, permission bits, link targets,
 * which names are one file, attributes, content. Not times: they do not reach the image; and owners where asked for.
 * Every file is read once, and memory does not grow with the tree but by its hard links and attributes.
 */
export async function treeHash(root: string, options: HashOptions = {}): Promise<string> {
  const hash = createHash("sha256");
  const links = new Map<string, BytePath>();
  for (const { path, stats } of walk(root, "", options.skip)) {
    hash.update(`${Buffer.from(path, "latin1").toString("hex")} ${stats.mode.toString(8)} `);
    if (options.owners) hash.update(`${stats.uid}:${stats.gid} `);
    if (stats.isCharacterDevice() || stats.isBlockDevice()) hash.update(`${stats.rdev} `);
    for (const [name, value] of options.xattrs?.get(path) ?? []) hash.update(`${name}=${value.toString("hex")} `);
    if (stats.isSymbolicLink()) hash.update(sha256(readlinkSync(onDisk(root, path), { encoding: "buffer" })));
    if (stats.isFile())
      hash.update(firstName(links, path, stats) ?? (await contentHash(onDisk(root, path), stats, options)));
    hash.update("\n");
  }
  return hash.digest("hex");
}

/** The name under which the walk met the file before. */
function firstName(links: Map<string, BytePath>, path: BytePath, { dev, ino, nlink }: Stats): string | undefined {
  if (nlink < 2) return undefined;
  const known = links.get(`${dev}:${ino}`);
  if (known === undefined) links.set(`${dev}:${ino}`, path);
  return known === undefined ? undefined : `link ${Buffer.from(known, "latin1").toString("hex")}`;
}

/** Holes that are worth a tool of its own. */
const LARGE_HOLES = 1 << 26;

async function contentHash(file: Buffer, { size, blocks }: Stats, { sparse }: HashOptions): Promise<string> {
  if (size < SMALL) return sha256(readFileSync(file));
  return sparse && size - blocks * 512 > LARGE_HOLES ? sparse(file) : fileHash(file);
}

/** SHA-256 of a value's canonical JSON: keys sorted, `undefined` left out. */
export function valueHash(value: unknown): string {
  return sha256(canonical(value));
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
