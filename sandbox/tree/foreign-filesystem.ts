import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Blob, FileBlob } from "../compare/blob.ts";
import { readExt4 } from "../compare/containers/ext4-tree.ts";
import { readXfs } from "../compare/containers/xfs-tree.ts";
import type { Node, Tree } from "../compare/tree.ts";
import type { Context } from "../context.ts";
import { BLOCK, header } from "../formats/tar-header.ts";
import type { ArchiveMember } from "./archive-listing.ts";
import { CHUNK, Chunks } from "./content.ts";
import type { EntryKind, TreeEntry } from "./entries.ts";
import { pourStream } from "./pour.ts";
import { type BytePath, bytePath } from "./walk.ts";

export interface Foreign {
  kind: "ext4" | "xfs";
  file: string;
  /** Bytes. */
  start: number;
  length: number;
  /** Where it goes in the folder. */
  place: string;
  folder: string;
  title: string;
}

/**
 * Copies what a file system holds, read without mounting it, as a tar archive that libarchive unpacks. Returns its device
 * nodes, which it could not make.
 */
export async function pourFilesystem(context: Context, given: Foreign): Promise<ArchiveMember[]> {
  const { kind, file, start, length, folder, title } = given;
  const blob = new FileBlob(file).slice(start, length);
  const tree = kind === "ext4" ? readExt4(blob) : readXfs(blob);
  await mkdir(join(folder, given.place), { recursive: true });
  const nodes: ArchiveMember[] = [];
  const stream = Readable.from(tarChunks(tree, bytePath(given.place), nodes), { objectMode: false });
  await pourStream(context, folder, stream, title);
  return nodes;
}

function* tarChunks(tree: Tree, place: BytePath, nodes: ArchiveMember[]): Generator<Buffer> {
  const chunks = new Chunks();
  for (const [path, node] of tree) {
    const entry = entryOf([place, path].filter((part) => part !== "").join("/"), place, node);
    // The root has its attributes from elsewhere, and what fsck(8) keeps of lost files belongs to the disk.
    if (entry === undefined || path === "" || path === "lost+found") continue;
    if (entry.device) {
      nodes.push({ ...entry, device: entry.device, name: entry.path, type: entry.kind === "block" ? "b" : "c" });
      continue;
    }
    yield* chunks.bytes(header(entry));
    if (entry.size > 0 && node.content) yield* content(chunks, node.content);
    yield* chunks.zeros((BLOCK - (chunks.total % BLOCK)) % BLOCK);
  }
  yield* chunks.zeros(2 * BLOCK);
  yield* chunks.rest();
}

function* content(chunks: Chunks, blob: Blob): Generator<Buffer> {
  for (let at = 0; at < blob.size; at += CHUNK) yield* chunks.bytes(blob.read(at, CHUNK));
}

const KINDS: Partial<Record<Node["kind"], EntryKind>> = {
  file: "file",
  directory: "directory",
  symlink: "symlink",
  fifo: "fifo",
  "character device": "character",
  "block device": "block",
};

function entryOf(
  path: BytePath,
  place: BytePath,
  { kind: name, attributes, exact, content: blob }: Node,
): TreeEntry | undefined {
  const kind = KINDS[name];
  if (kind === undefined) return undefined;
  const linkTo = exact?.linkTo === undefined ? undefined : [place, exact.linkTo].filter(Boolean).join("/");
  const [major = 0, minor = 0] = (attributes.device ?? "").split(":").map(Number);
  return {
    path,
    kind,
    mode: Number.parseInt(attributes.mode ?? "0", 8),
    uid: Number(attributes.owner),
    gid: Number(attributes.group),
    mtime: Math.max(0, Math.floor(Date.parse(attributes.mtime ?? "") / 1000) || 0),
    size: kind === "file" && linkTo === undefined ? (blob?.size ?? 0) : 0,
    xattrs: linkTo === undefined ? kept(exact?.xattrs) : new Map(),
    ...(exact?.target === undefined ? {} : { target: Buffer.from(exact.target, "latin1") }),
    ...(kind === "character" || kind === "block" ? { device: { major, minor } } : {}),
    ...(linkTo === undefined ? {} : { linkTo }),
  };
}

/** What the host's kernel alone allows to set is not copied. */
function kept(xattrs: ReadonlyMap<string, Buffer> = new Map()): ReadonlyMap<string, Buffer> {
  return new Map(
    [...xattrs].filter(([name]) => /^(user|trusted)\.|^security\.capability$|^system\.posix_acl_/.test(name)),
  );
}
