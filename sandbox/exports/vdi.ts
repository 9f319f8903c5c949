import { contentUuid } from "./ids.ts";
import { patchFile } from "./patch.ts";

const SIGNATURE = { offset: 0x40, value: 0xbeda107f };
const IMAGE = 0x188;
const LAST_SNAPSHOT = 0x198;

/** Gives the two random UUIDs of a VDI's header (VirtualBox: VDICore.h, VDIHEADER1PLUS) values that follow from the disk. */
export async function settleVdi(path: string, content: string): Promise<void> {
  await patchFile(path, async (file) => {
    const signature = (await file.read(SIGNATURE.offset, 4)).readUInt32LE(0);
    if (signature !== SIGNATURE.value) throw new Error(`${path} is no VDI`);
    await file.write(IMAGE, contentUuid(content, "vdi image"));
    await file.write(LAST_SNAPSHOT, contentUuid(content, "vdi snapshot"));
  });
}
