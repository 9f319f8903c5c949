import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bytes } from "../../../../sandbox/compare/blob.ts";
import { Comparer, type Pair } from "../../../../sandbox/compare/comparer.ts";
import { containers } from "../../../../sandbox/compare/containers/index.ts";
import { leaf } from "../../../../sandbox/compare/leaf.ts";
import type { Difference } from "../../../../sandbox/protocol.ts";

/** What a comparison reports that has no tools but diff(1), which finds no lines. */
export async function reported(work: (comparer: Comparer) => void | Promise<void>): Promise<Difference[]> {
  const found: Difference[] = [];
  const folder = await mkdtemp(join(tmpdir(), "caisson-compare-"));
  const comparer = new Comparer({
    run: async ([name]) => {
      if (name !== "diff") throw new Error(`${name} was run`);
      return { exitCode: 1, stdout: "" };
    },
    work: folder,
    report: (difference) => found.push(difference),
    containers,
    leaf,
    signal: new AbortController().signal,
  });
  try {
    await work(comparer);
  } finally {
    await rm(folder, { recursive: true });
  }
  return found;
}

/** How two contents differ. */
export function between(a: Buffer, b: Buffer): Promise<Difference[]> {
  return reported((comparer) => comparer.compare(blobs(a, b), []));
}

export function blobs(a: Buffer, b: Buffer): Pair<Bytes> {
  return { a: new Bytes(a), b: new Bytes(b) };
}

/** As `GPT > partition 1: mode: 0644 -> 0600`. */
export function told({ place, what, a = "(none)", b = "(none)" }: Difference): string {
  return `${[...place.map(({ name }) => name), what].join(" > ")}: ${a} -> ${b}`;
}
