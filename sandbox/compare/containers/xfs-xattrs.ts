/** Extended attributes of XFS: in the inode, or in leaves of a tree of blocks. */
import { aclFromXfs, XFS_NAMES } from "../../tree/acls.ts";
import type { Blob } from "../blob.ts";
import type { Attribute } from "./ext4-xattrs.ts";
import type { XfsGeometry } from "./xfs-fork.ts";

const LOCAL_VALUE = 0x01;
const ROOT = 0x02;
const SECURE = 0x04;
const LEAF = 0x3bee;

const ACLS = new Map(Object.entries(XFS_NAMES).map(([name, own]) => [`trusted.${own}`, name]));

/** ACLs as programs see them. */
function attribute(flags: number, own: string, value: Buffer): Attribute {
  const name = fullName(flags, own);
  const acl = ACLS.get(name);
  return acl === undefined ? { name, value } : { name: acl, value: aclFromXfs(value) };
}

function fullName(flags: number, name: string): string {
  return `${flags & SECURE ? "security" : flags & ROOT ? "trusted" : "user"}.${name}`;
}

/** Of the fork's space in the inode. */
export function shortAttributes(bytes: Buffer): Attribute[] {
  const attributes: Attribute[] = [];
  const count = bytes.readUInt8(2);
  for (let at = 4; attributes.length < count; ) {
    const [names, values, flags] = [bytes.readUInt8(at), bytes.readUInt8(at + 1), bytes.readUInt8(at + 2)];
    const name = bytes.toString("latin1", at + 3, at + 3 + names);
    attributes.push(attribute(flags, name, bytes.subarray(at + 3 + names, at + 3 + names + values)));
    at += 3 + names + values;
  }
  return attributes;
}

/** Of all leaves of a fork. A value in blocks of its own is shown by its size. */
export function leafAttributes({ blockSize, checksums }: XfsGeometry, fork: Blob): Attribute[] {
  const attributes: Attribute[] = [];
  for (let start = 0; checksums && start + blockSize <= fork.size; start += blockSize) {
    const leaf = fork.read(start, blockSize);
    if (leaf.readUInt16BE(8) !== LEAF) continue;
    const count = leaf.readUInt16BE(56);
    for (let index = 0; index < count; index++) attributes.push(leafAttribute(leaf, 80 + index * 8));
  }
  return attributes;
}

function leafAttribute(leaf: Buffer, entry: number): Attribute {
  const [at, flags] = [leaf.readUInt16BE(entry + 4), leaf.readUInt8(entry + 6)];
  if (flags & LOCAL_VALUE) {
    const [values, names] = [leaf.readUInt16BE(at), leaf.readUInt8(at + 2)];
    const name = leaf.toString("latin1", at + 3, at + 3 + names);
    return attribute(flags, name, leaf.subarray(at + 3 + names, at + 3 + names + values));
  }
  const names = leaf.readUInt8(at + 8);
  const value = Buffer.from(`${leaf.readUInt32BE(at + 4)} bytes`);
  return { name: fullName(flags, leaf.toString("latin1", at + 9, at + 9 + names)), value };
}
