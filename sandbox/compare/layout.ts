/** OCI image layouts, compared by what they mean: image by image, layer by layer, whatever the digests are. */
import type { Place } from "../protocol.ts";
import { type Blob, Bytes } from "./blob.ts";
import type { Comparer, Pair } from "./comparer.ts";
import { compareValues, parseJson } from "./json.ts";
import type { Tree } from "./tree.ts";

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
interface Descriptor {
  digest: string;
  mediaType?: string;
  annotations?: Record<string, string>;
  platform?: { architecture?: string; os?: string };
}

export function isLayout(tree: Tree): boolean {
  return tree.has("oci-layout") && tree.has("index.json");
}

export async function compareLayouts(pair: Pair<Tree>, place: Place[], comparer: Comparer): Promise<void> {
  const before = comparer.count;
  const top = { a: content(pair.a, "index.json"), b: content(pair.b, "index.json") };
  await compareReferring(top, pair, [...place, { kind: "file", name: "/index.json" }], place, comparer);
  if (comparer.count > before) return;
  await compareBlobs(pair, place, comparer);
}

/** A document that names others by their digests: its own words first, then what it names, in order. */
async function compareReferring(
  documents: Pair<Blob>,
  trees: Pair<Tree>,
  here: Place[],
  place: Place[],
  comparer: Comparer,
): Promise<void> {
  const [a, b] = [parseJson(documents.a), parseJson(documents.b)];
  compareValues(withoutDigests(a), withoutDigests(b), here, comparer);
  const [left, right] = [references(a), references(b)];
  for (const [index, from] of left.entries()) {
    const to = right[index];
    if (to === undefined) continue;
    const blobs = { a: find(trees.a, from.descriptor), b: find(trees.b, to.descriptor) };
    if (blobs.a === undefined || blobs.b === undefined) continue;
    const inner: Place[] = [...place, from.place];
    const known = { a: blobs.a, b: blobs.b };
    if (from.refers) await compareReferring(known, trees, inner, inner, comparer);
    else await comparer.compare(known, inner);
  }
}

interface Reference {
  descriptor: Descriptor;
  place: Place;
  /** It names others itself: an index, a manifest, a configuration with the digests of what its layers unpack to. */
  refers: boolean;
}

function references(document: unknown): Reference[] {
  const {
    manifests = [],
    config,
    layers = [],
  } = (document ?? {}) as {
    manifests?: Descriptor[];
    config?: Descriptor;
    layers?: Descriptor[];
  };
  const images = manifests.map((descriptor, index): Reference => {
    return { descriptor, refers: true, place: { kind: "image", name: imageName(descriptor, index) } };
  });
  const parts = layers.map((descriptor, index): Reference => {
    return { descriptor, refers: false, place: { kind: "layer", name: String(index + 1) } };
  });
  // An image's configuration has a `config` as well, which is no descriptor.
  const settings: Reference[] = config?.digest
    ? [{ descriptor: config, refers: true, place: { kind: "file", name: "config" } }]
    : [];
  return [...images, ...settings, ...parts];
}

function imageName({ annotations, platform }: Descriptor, index: number): string {
  const tag = annotations?.["org.opencontainers.image.ref.name"];
  return tag ?? (platform ? `${platform.os}/${platform.architecture}` : String(index + 1));
}

/** Digests and sizes follow from what they name. */
function withoutDigests(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDigests);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !["digest", "size", "diff_ids"].includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutDigests(inner)]));
}

function find(tree: Tree, { digest }: Descriptor): Blob | undefined {
  return tree.get(`blobs/${digest.replace(":", "/")}`)?.content;
}

/** What no index names. */
async function compareBlobs({ a, b }: Pair<Tree>, place: Place[], comparer: Comparer): Promise<void> {
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const [left, right] = [a.get(path), b.get(path)];
    const here: Place[] = [...place, { kind: "file", name: `/${path}` }];
    const kind = left?.kind ?? right?.kind ?? "file";
    if (left === undefined) comparer.report(here, { kind: "only", what: kind, b: kind });
    else if (right === undefined) comparer.report(here, { kind: "only", what: kind, a: kind });
    else if (left.content && right.content) await comparer.compare({ a: left.content, b: right.content }, here);
  }
}

function content(tree: Tree, path: string): Blob {
  return tree.get(path)?.content ?? new Bytes(Buffer.alloc(0));
}
