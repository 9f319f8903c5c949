import { contentUuid } from "./ids.ts";
import { type Patch, patchFile } from "./patch.ts";

const FOOTER = 512;
const TIME = 24;
const CHECKSUM = 64;
const UUID = 68;

/**
 * Settles what qemu-img takes from the clock and from chance in a VHD ("Virtual Hard Disk Image Format Specification",
 * Microsoft: "Hard Disk Footer Format"): the time of creation and the unique id, in the footer and, in a dynamic disk,
 * in its copy at the beginning.
 */
export async function settleVhd(path: string, content: string): Promise<void> {
  await patchFile(path, async (file) => {
    for (const offset of [0, file.size - FOOTER]) await settleFooter(file, offset, contentUuid(content, "vhd"));
  });
}

async function settleFooter(file: Patch, offset: number, uuid: Buffer): Promise<void> {
  const footer = await file.read(offset, FOOTER);
  if (footer.toString("latin1", 0, 8) !== "conectix") throw new Error(`there is no footer of a VHD at ${offset}`);
  // Seconds since 2000.
  footer.writeUInt32BE(0, TIME);
  uuid.copy(footer, UUID);
  footer.writeUInt32BE(0, CHECKSUM);
  const sum = footer.reduce((total, byte) => total + byte, 0);
  footer.writeUInt32BE(~sum >>> 0, CHECKSUM);
  await file.write(offset, footer);
}
