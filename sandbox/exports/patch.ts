import { type FileHandle, open } from "node:fs/promises";

/** Reads and writes places of a file; closes it whatever happens. */
export async function patchFile(path: string, work: (file: Patch) => Promise<void>): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await work(new Patch(handle, (await handle.stat()).size));
  } finally {
    await handle.close();
  }
}

export class Patch {
  readonly #handle: FileHandle;
  /** Bytes. */
  readonly size: number;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** Throws where the file ends before. */
  async read(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.#handle.read(buffer, 0, length, offset);
    if (bytesRead < length) throw new Error(`the file has no ${length} bytes at ${offset}`);
    return buffer;
  }

  async write(offset: number, data: Buffer): Promise<void> {
    await this.#handle.write(data, 0, data.length, offset);
  }
}
