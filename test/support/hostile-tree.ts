import { createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { tarStream } from "../../sandbox/formats/tar.ts";
import { byPath, type TreeEntry } from "../../sandbox/tree/entries.ts";

/** cap_net_raw=ep as struct vfs_cap_data of version 2. */
export const CAPABILITY = Buffer.from("0100000200200000000000000000000000000000", "hex");
/** user::rw-,user:1000:r--,group::r--,mask::rw-,other::--- as linux/posix_acl_xattr.h has it. */
export const ACL = Buffer.from(
  ["02000000", "01000600ffffffff", "02000400e8030000", "04000400ffffffff", "10000600ffffffff", "20000000ffffffff"].join(
    "",
  ),
  "hex",
);
/** user::rwx,group::r-x,group:33:rwx,mask::rwx,other::--- */
export const DEFAULT_ACL = Buffer.from(
  ["02000000", "01000700ffffffff", "04000500ffffffff", "0800070021000000", "10000700ffffffff", "20000000ffffffff"].join(
    "",
  ),
  "hex",
);
const TIME = 1_000_000_000;
const LARGE = 5_000_001;

const PLAIN = { mode: 0o644, uid: 0, gid: 0, mtime: TIME, size: 0, xattrs: new Map<string, Buffer>() };
const folder = (path: string, more: Partial<TreeEntry> = {}): TreeEntry => {
  return { ...PLAIN, path, kind: "directory", mode: 0o755, ...more };
};
/** A file with the text "content", unless it says another source. */
const file = (path: string, more: Partial<TreeEntry> = {}): TreeEntry => {
  return { ...PLAIN, path, kind: "file", size: 7, source: "content", ...more };
};
const link = (path: string, target: string): TreeEntry => {
  return { ...PLAIN, path, kind: "symlink", mode: 0o777, target: Buffer.from(target, "latin1") };
};

/** Where the hostile part lies. */
export const HOSTILE = "srv/hostile";
/** Names that no FAT has, and that no prototype file of XFS can hold. */
export const ODD = ["line\nend", "\xff\xfe", 'quo"te', "back\\slash", "star*?"];

/** A small system, and below HOSTILE everything that makes trouble, but device nodes. */
export const entries: TreeEntry[] = [
  folder(""),
  folder("usr"),
  folder("usr/lib"),
  file("usr/lib/os-release", { source: "os-release", size: 26 }),
  folder("srv"),
  folder(HOSTILE, { mode: 0o751, uid: 7, gid: 8 }),
  ...ODD.map((name) => file(`${HOSTILE}/odd/${name}`)),
  folder(`${HOSTILE}/odd`),
  folder(`${HOSTILE}/plain`),
  file(`${HOSTILE}/plain/-dash`),
  file(`${HOSTILE}/plain/sp ace`),
  file(`${HOSTILE}/plain/\xc3\xa4`),
  file(`${HOSTILE}/plain/${"n".repeat(250)}`),
  file(`${HOSTILE}/plain/setuid`, { mode: 0o4755, uid: 1234, gid: 5678 }),
  file(`${HOSTILE}/plain/early`, { mtime: 12_345, uid: 60_000 }),
  file(`${HOSTILE}/plain/capable`, { mode: 0o755, xattrs: new Map([["security.capability", CAPABILITY]]) }),
  file(`${HOSTILE}/plain/noted`, { xattrs: new Map([["user.note", Buffer.from("two\nlines")]]) }),
  file(`${HOSTILE}/plain/listed`, { mode: 0o660, xattrs: new Map([["system.posix_acl_access", ACL]]) }),
  folder(`${HOSTILE}/plain/shared`, { xattrs: new Map([["system.posix_acl_default", DEFAULT_ACL]]) }),
  folder(`${HOSTILE}/plain/sticky`, { mode: 0o1777 }),
  file(`${HOSTILE}/plain/first`),
  file(`${HOSTILE}/plain/second`, { linkTo: `${HOSTILE}/plain/first`, size: 0 }),
  link(`${HOSTILE}/plain/link`, "../target"),
  link(`${HOSTILE}/plain/long-link`, "t".repeat(300)),
  { ...PLAIN, path: `${HOSTILE}/plain/fifo`, kind: "fifo" as const },
  file(`${HOSTILE}/plain/large`, { source: "large", size: LARGE }),
  file(`${HOSTILE}/plain/sparse`, { source: "sparse", size: 8 << 20 }),
  folder(`${HOSTILE}/nodes`),
];

export const nodes: TreeEntry[] = [
  {
    ...{ ...PLAIN, path: `${HOSTILE}/nodes/null`, kind: "character", mode: 0o666, gid: 3 },
    device: { major: 1, minor: 3 },
  },
  {
    ...{ ...PLAIN, path: `${HOSTILE}/nodes/disk`, kind: "block", mode: 0o660, gid: 6 },
    device: { major: 8, minor: 260 },
  },
];

/** Writes the tree as an archive for BaseTrees=. */
export async function writeHostileTar(output: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "caisson-hostile-"));
  try {
    await writeFile(join(root, "content"), "content");
    await writeFile(join(root, "os-release"), 'ID=debian\nVERSION_ID="13"\n'.padEnd(26));
    await writeFile(join(root, "large"), Buffer.alloc(LARGE, "0123456789abcdef"));
    await writeFile(join(root, "sparse"), Buffer.alloc(8 << 20).fill("end", (8 << 20) - 3));
    const all = [...entries, ...nodes].sort((a, b) => byPath(a.path, b.path));
    await pipeline(tarStream(root, all), createWriteStream(output));
  } finally {
    await rm(root, { recursive: true });
  }
}
