import { randomUUID } from "node:crypto";
import { copyFile, mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileHash, sha256 } from "../tree/hash.ts";
import type { Descriptor, ImageIndex } from "./schema.ts";

/** An image layout (image-layout.md) that is being written. What it is given twice lies in it once. */
export class LayoutWriter {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(folder: string): Promise<LayoutWriter> {
    await mkdir(join(folder, "blobs/sha256"), { recursive: true });
    await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    return new LayoutWriter(folder);
  }

  async document(mediaType: string, value: unknown): Promise<Descriptor> {
    const text = JSON.stringify(value);
    const digest = sha256(text);
    await writeFile(this.#path(digest), text);
    return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
  }

  /** A blob that `make` writes to the path that it is given. */
  async make(mediaType: string, make: (path: string) => Promise<void>): Promise<Descriptor> {
    const aside = this.#path(`.${randomUUID()}`);
    await make(aside);
    const digest = await fileHash(aside);
    const { size } = await stat(aside);
    await rename(aside, this.#path(digest));
    return { mediaType, digest: `sha256:${digest}`, size };
  }

  /** A blob of another layout, whose content was checked. */
  async copy({ digest }: Pick<Descriptor, "digest">, from: string): Promise<void> {
    const [algorithm = "", encoded = ""] = digest.split(":");
    await mkdir(join(this.#folder, "blobs", algorithm), { recursive: true });
    await copyFile(from, join(this.#folder, "blobs", algorithm, encoded));
  }

  async index(index: ImageIndex): Promise<void> {
    await writeFile(join(this.#folder, "index.json"), JSON.stringify(index));
  }

  #path(digest: string): string {
    return join(this.#folder, "blobs/sha256", digest);
  }
}
