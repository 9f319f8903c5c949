const MAGIC = "!<arch>\n";
const HEADER = 60;

/**
 * Reads the members of an ar archive, the container of a .deb (deb(5), ar(5)).
 * Throws a plain Error on anything else: the hash of the archive was right, so this is not the user's.
 */
export function readAr(archive: Buffer): Map<string, Buffer> {
  if (archive.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new Error("not an ar archive");
  const members = new Map<string, Buffer>();
  for (let offset = MAGIC.length; offset + HEADER <= archive.length; ) {
    const header = archive.toString("latin1", offset, offset + HEADER);
    const size = Number(header.slice(48, 58));
    const start = offset + HEADER;
    if (!header.endsWith("`\n") || !Number.isInteger(size) || start + size > archive.length) {
      throw new Error(`ar archive is damaged at byte ${offset}`);
    }
    members.set(header.slice(0, 16).trim().replace(/\/$/, ""), archive.subarray(start, start + size));
    // Members begin at even offsets.
    offset = start + size + (size % 2);
  }
  return members;
}
