/**
 * POSIX.1e access control lists. The kernel's form is the one that programs see in `system.posix_acl_access` and
 * `system.posix_acl_default` (linux/posix_acl_xattr.h); archives and filesystems have forms of their own.
 */

/** One entry: whom it concerns, what they may. */
interface AclEntry {
  tag: number;
  /** 4 to read, 2 to write, 1 to execute. */
  permissions: number;
  /** Of a user or group that is named; NO_ID otherwise. */
  id: number;
}

/** Names of the attributes that hold an ACL. */
export const ACCESS = "system.posix_acl_access";
export const DEFAULT = "system.posix_acl_default";

const NO_ID = 0xffffffff;
const NAMED_USER = 0x02;
const NAMED_GROUP = 0x08;
/** What acl_to_text(3) calls them. */
const WORDS: Readonly<Record<number, string>> = {
  1: "user",
  [NAMED_USER]: "user",
  4: "group",
  [NAMED_GROUP]: "group",
  16: "mask",
  32: "other",
};

function readKernels(value: Buffer): AclEntry[] {
  const entries: AclEntry[] = [];
  for (let at = 4; at + 8 <= value.length; at += 8)
    entries.push({
      tag: value.readUInt16LE(at),
      permissions: value.readUInt16LE(at + 2),
      id: value.readUInt32LE(at + 4),
    });
  return entries;
}

function writeKernels(entries: readonly AclEntry[]): Buffer {
  const value = Buffer.alloc(4 + entries.length * 8);
  value.writeUInt32LE(2, 0);
  for (const [index, { tag, permissions, id }] of entries.entries()) {
    value.writeUInt16LE(tag, 4 + index * 8);
    value.writeUInt16LE(permissions, 6 + index * 8);
    value.writeUInt32LE(id, 8 + index * 8);
  }
  return value;
}

/** The text that star, GNU tar and libarchive read in archives, with numbers for names: `user::rw-,user:1000:r--,…`. */
export function aclText(value: Buffer): string {
  const words = readKernels(value).map(({ tag, permissions, id }) => {
    const letters = ["r", "w", "x"].map((letter, bit) => (permissions & (4 >> bit) ? letter : "-")).join("");
    return `${WORDS[tag] ?? tag}:${isNamed(tag) ? id : ""}:${letters}`;
  });
  return words.join(",");
}

function isNamed(tag: number): boolean {
  return tag === NAMED_USER || tag === NAMED_GROUP;
}

/** From that of ext4: a version, and ids only where they mean something (kernel: fs/ext4/acl.h). */
export function aclFromExt4(value: Buffer): Buffer {
  const entries: AclEntry[] = [];
  for (let at = 4; at + 4 <= value.length; ) {
    const [tag, permissions] = [value.readUInt16LE(at), value.readUInt16LE(at + 2)];
    const id = isNamed(tag) ? value.readUInt32LE(at + 4) : NO_ID;
    entries.push({ tag, permissions, id });
    at += isNamed(tag) ? 8 : 4;
  }
  return writeKernels(entries);
}

/** Names of XFS for the attributes, which it keeps in its root's namespace. */
export const XFS_NAMES: Readonly<Record<string, string>> = { [ACCESS]: "SGI_ACL_FILE", [DEFAULT]: "SGI_ACL_DEFAULT" };

/** To that of XFS: a count, and entries of 12 bytes, with the first byte first (kernel: fs/xfs/libxfs/xfs_format.h). */
export function aclToXfs(value: Buffer): Buffer {
  const entries = readKernels(value);
  const own = Buffer.alloc(4 + entries.length * 12);
  own.writeUInt32BE(entries.length, 0);
  for (const [index, { tag, permissions, id }] of entries.entries()) {
    own.writeUInt32BE(tag, 4 + index * 12);
    own.writeUInt32BE(id, 8 + index * 12);
    own.writeUInt16BE(permissions, 12 + index * 12);
  }
  return own;
}

export function aclFromXfs(value: Buffer): Buffer {
  const entries: AclEntry[] = [];
  for (let at = 4; at + 12 <= value.length; at += 12) {
    const tag = value.readUInt32BE(at);
    const id = isNamed(tag) ? value.readUInt32BE(at + 4) : NO_ID;
    entries.push({ tag, permissions: value.readUInt16BE(at + 8), id });
  }
  return writeKernels(entries);
}
