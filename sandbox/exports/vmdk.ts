import { contentBytes } from "./ids.ts";
import { patchFile } from "./patch.ts";

const SECTOR = 512;
const DESCRIPTOR = { offset: 28, size: 36 };

/**
 * Gives the content id of a VMDK ("Virtual Disk Format 5.0", VMware: "Hosted Sparse Extents", "The Header") a value that
 * follows from the disk, where qemu-img makes a random one. It is a line of the embedded descriptor, which is text with
 * zero bytes behind it.
 */
export async function settleVmdk(path: string, content: string): Promise<void> {
  await patchFile(path, async (file) => {
    const header = await file.read(0, SECTOR);
    if (header.toString("latin1", 0, 4) !== "KDMV") throw new Error(`${path} is no VMDK`);
    const offset = SECTOR * Number(header.readBigUInt64LE(DESCRIPTOR.offset));
    const area = await file.read(offset, SECTOR * Number(header.readBigUInt64LE(DESCRIPTOR.size)));
    await file.write(offset, withContentId(area, content));
  });
}

const CONTENT_ID = /^CID=[0-9a-f]+$/m;

/** The descriptor's area with another id, in the same length. */
export function withContentId(area: Buffer, content: string): Buffer {
  const text = area.toString("latin1").replace(/\0+$/, "");
  // ffffffff means that there is no parent, fffffffe that the id was never set.
  const id = contentBytes(content, "vmdk", 4).readUInt32BE(0) & 0x7fffffff;
  const settled = text.replace(CONTENT_ID, `CID=${id.toString(16).padStart(8, "0")}`);
  if (!CONTENT_ID.test(text) || settled.length > area.length)
    throw new Error("the descriptor has no content id to replace");
  const written = Buffer.alloc(area.length);
  written.write(settled, "latin1");
  return written;
}
