import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Context } from "../context.ts";
import { invalid } from "./document.ts";
import type { Descriptor } from "./schema.ts";

/** Documents are read as a whole; registries take none that is larger. Bytes. */
const DOCUMENT_SIZE = 4 << 20;

/** The files of an image in a folder. Nothing that is read of them lies outside of it, or is other than its digest says. */
export class Blobs {
  readonly #folder: string;
  readonly #place: (algorithm: string, encoded: string) => string;

  constructor(folder: string, place: (algorithm: string, encoded: string) => string) {
    this.#folder = folder;
    this.#place = place;
  }

  /** A document by its name. Throws BuildError `oci-invalid`. */
  async document(name: string): Promise<string> {
    return this.#read(await this.#file(name), name);
  }

  /** A document by its descriptor. Throws BuildError `oci-invalid`. */
  async text(descriptor: Descriptor): Promise<string> {
    return this.#read(await this.path(descriptor), descriptor.digest);
  }

  /** Where a blob lies, after it was checked. Throws BuildError `oci-invalid`. */
  async path({ digest, size }: Pick<Descriptor, "digest" | "size">): Promise<string> {
    const [algorithm = "", encoded = ""] = digest.split(":");
    if (algorithm !== "sha256" && algorithm !== "sha512")
      throw invalid(`${digest}: digests of ${algorithm} cannot be checked`);
    const path = await this.#file(this.#place(algorithm, encoded));
    const found = await stat(path);
    if (found.size !== size) throw invalid(`${digest}: it has ${found.size} bytes, not ${size}`);
    const actual = await hashOf(path, algorithm);
    if (actual !== encoded) throw invalid(`${digest}: its content has the digest ${algorithm}:${actual}`);
    return path;
  }

  async #read(path: string, name: string): Promise<string> {
    const { size } = await stat(path);
    if (size > DOCUMENT_SIZE) throw invalid(`${name}: it has ${size} bytes, more than any document`);
    return readFile(path, "utf8");
  }

  async #file(name: string): Promise<string> {
    const path = join(this.#folder, name);
    try {
      const [top, real] = await Promise.all([realpath(this.#folder), realpath(path)]);
      if (real.startsWith(top + sep) && (await lstat(real)).isFile()) return real;
    } catch (error) {
      if (!["ENOENT", "ENOTDIR", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      throw invalid(`${name}: there is no such file`);
    }
    throw invalid(`${name}: it is no file of the image`);
  }
}

async function hashOf(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** Of a layout, or of a tar archive of one, which is unpacked into `folder`. */
export async function layoutBlobs(context: Context, path: string, folder: string): Promise<Blobs> {
  if ((await stat(path)).isDirectory()) return new Blobs(path, (...digest) => join("blobs", ...digest));
  await mkdir(folder, { recursive: true });
  const binds = [
    { source: path, target: "/input", readOnly: true },
    { source: folder, target: "/output" },
  ];
  await context.run(["bsdtar", "--extract", "--file=/input", "--directory=/output", "--no-same-owner"], { binds });
  return new Blobs(folder, (...digest) => join("blobs", ...digest));
}

/** Of a folder that skopeo wrote for `dir:` (containers-transports(5)). */
export function dirBlobs(folder: string): Blobs {
  return new Blobs(folder, (_algorithm, encoded) => encoded);
}
