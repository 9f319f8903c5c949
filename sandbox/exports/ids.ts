import { sha256 } from "../tree/hash.ts";

/**
 * Bytes that stand for a disk's content, in place of the random ones that formats ask for: the same disk has the same
 * everywhere, two disks have not. `purpose` tells several in one file apart.
 */
export function contentBytes(content: string, purpose: string, length: number): Buffer {
  return Buffer.from(sha256(`${purpose} ${content}`), "hex").subarray(0, length);
}

/** The same as a UUID of version 8 (RFC 9562: of our own making), in network byte order. */
export function contentUuid(content: string, purpose: string): Buffer {
  const uuid = Buffer.from(contentBytes(content, purpose, 16));
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x80;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return uuid;
}
