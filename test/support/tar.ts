import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";

export interface Member extends Header {
  /** Of a file up to 64 KiB. */
  text: string;
  /** By name. Read as UTF-8, which is right for bytes below 0x80. */
  xattrs: Record<string, string>;
}

/** The members of a tar without compression, by name without `./` and trailing slash. */
export async function readTar(file: string): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  const unpack = extract();
  unpack.on("entry", (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk) => {
      if ((header.size ?? 0) <= 65_536) chunks.push(chunk as Buffer);
    });
    stream.on("end", () => {
      const name = header.name.replace(/^\.\//, "").replace(/\/$/, "");
      members.set(name, { ...header, text: Buffer.concat(chunks).toString(), xattrs: xattrsOf(header) });
      next();
    });
  });
  await pipeline(createReadStream(file), unpack);
  return members;
}

/** The records of GNU tar and star: `SCHILY.xattr.NAME`. */
function xattrsOf(header: Header): Record<string, string> {
  const records = Object.entries((header.pax ?? {}) as Record<string, string>);
  const prefix = "SCHILY.xattr.";
  return Object.fromEntries(
    records.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
