import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Header, pack } from "tar-stream";

/** cap_net_raw=ep as struct vfs_cap_data of version 2 (capabilities(7)). */
const CAPABILITY = "\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

type Member = Partial<Omit<Header, "pax">> & { name: string; pax?: Record<string, string>; text?: string };

/** Owners, modes, links, extended attributes: what a format has to carry. */
const members: Member[] = [
  { name: "", type: "directory", mode: 0o755 },
  { name: "capable", mode: 0o755, text: "capable\n", pax: { "SCHILY.xattr.security.capability": CAPABILITY } },
  { name: "marked", mode: 0o644, text: "marked\n", pax: { "SCHILY.xattr.user.demo": "value" } },
  { name: "open", type: "directory", mode: 0o1777 },
  { name: "private", type: "directory", mode: 0o700, uid: 1000, gid: 1000 },
  { name: "private/note", mode: 0o640, uid: 1000, gid: 1001, text: "note\n" },
  { name: "same", type: "link", linkname: "private/note", mode: 0o640, uid: 1000, gid: 1001 },
  { name: "setuid", mode: 0o4755, text: "setuid\n" },
  { name: "to-note", type: "symlink", linkname: "private/note", mode: 0o777 },
  { name: "ünïcode", mode: 0o600, uid: 65_534, gid: 65_534, text: "unicode\n" },
];

/** Writes a tar whose members lie below `prefix`. */
export async function writeDemoTar(file: string, prefix: string): Promise<void> {
  const archive = pack();
  for (const { text, ...header } of members) {
    const name = header.name === "" ? prefix : `${prefix}/${header.name}`;
    const linkname = header.type === "link" ? { linkname: `${prefix}/${header.linkname}` } : {};
    archive.entry({ ...header, ...linkname, name, mtime: new Date(0) }, text ?? "");
  }
  archive.finalize();
  await pipeline(archive, createWriteStream(file));
}

/** What `list` of unpack.ts prints of it: members, then attributes. */
export const demoListing = [
  " d 755 0 0 -",
  "capable f 755 0 0 1",
  "marked f 644 0 0 1",
  "open d 1777 0 0 -",
  "private d 700 1000 1000 -",
  "private/note f 640 1000 1001 2",
  "same f 640 1000 1001 2",
  "setuid f 4755 0 0 1",
  "to-note l 777 0 0 - private/note",
  "ünïcode f 600 65534 65534 1",
];
export const demoAttributes = [
  "# file: capable",
  `security.capability=0x${Buffer.from(CAPABILITY, "latin1").toString("hex")}`,
  "# file: marked",
  `user.demo=0x${Buffer.from("value").toString("hex")}`,
];
