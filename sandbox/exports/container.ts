import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { tarStream } from "../formats/tar.ts";
import { readDocument } from "../oci/document.ts";
import { access, skopeo } from "../oci/registry.ts";
import { ImageIndex } from "../oci/schema.ts";
import type { ContainerFormat, Export } from "../protocol.ts";
import type { Bind, Run } from "../run.ts";
import { listEntries } from "../tree/entries.ts";

/** An image to export. */
export interface ContainerJob {
  run: Run;
  /** Its folder in the OCI's image layout. */
  layout: string;
  /** `NAME:TAG`, in archives of Docker's. */
  reference: string;
  /** An empty folder on the volume. */
  work: string;
}

/** Where skopeo sees the layout. */
const LAYOUT = "/run/caisson/layout";
const layoutBind = (source: string): Bind => ({ source, target: LAYOUT, readOnly: true });

/** Writes an image to a file. */
export async function exportContainer(job: ContainerJob, format: ContainerFormat, output: string): Promise<void> {
  if (format === "oci-archive") return writeOciArchive(job.layout, output);
  const to = `docker-archive:/output/${basename(output)}:${job.reference}`;
  await job.run(["skopeo", "--insecure-policy", "copy", `oci:${LAYOUT}`, to], {
    binds: [layoutBind(job.layout), { source: dirname(output), target: "/output" }],
    scratch: job.work,
  });
}

/** The layout in a tar archive (containers-transports(5)), as root's, without times. */
async function writeOciArchive(layout: string, output: string): Promise<void> {
  const entries = listEntries(layout, 0).filter(({ path }) => path !== "");
  const plain = entries.map((entry) => ({
    ...entry,
    uid: 0,
    gid: 0,
    mode: entry.kind === "directory" ? 0o755 : 0o644,
  }));
  await pipeline(tarStream(layout, plain), createWriteStream(output));
}

/** Pushes an image with its own digest, which is given back. Throws BuildError `registry-failed`. */
export async function pushImage(job: ContainerJob, to: Extract<Export, { kind: "registry" }>): Promise<string> {
  const words = ["copy", "--preserve-digests", ...access(to, "--dest-"), `oci:${LAYOUT}`, `docker://${to.image}`];
  await skopeo(job.run, words, to, { binds: [layoutBind(job.layout)] });
  const index = readDocument(ImageIndex, await readFile(join(job.layout, "index.json"), "utf8"), "index.json");
  const [manifest] = index.manifests;
  if (!manifest) throw new Error("an image was pushed from an empty layout");
  return manifest.digest;
}
