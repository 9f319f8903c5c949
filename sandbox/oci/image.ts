/** The documents of an image that we write: pure functions of what is in it. */
import {
  Annotation,
  type Descriptor,
  type History,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  MediaType,
  type Platform,
} from "./schema.ts";

/** A layer that lies among the blobs. */
export interface OciLayer {
  descriptor: Descriptor;
  /** Digest of the tar archive without compression. */
  diffId: string;
  history: History;
}

export interface ImageFacts {
  /** Seconds. */
  epoch: number;
  platform: Platform;
  layers: readonly OciLayer[];
  labels: Readonly<Record<string, string>>;
  /** What is run where nothing else is asked for. */
  command: readonly string[];
  /** What our layers lie on. */
  base?: { config: ImageConfig; layers: readonly OciLayer[] } | undefined;
}

/**
 * config.md. Over a base its settings are kept, as engines do; its own command counts for more than ours, which starts a
 * whole system.
 */
export function imageConfig({ epoch, platform, layers, labels, command, base }: ImageFacts): ImageConfig {
  const { Labels, ...execution } = base?.config.config ?? {};
  const all = [...(base?.layers ?? []), ...layers];
  const started = execution.Cmd || execution.Entrypoint ? {} : { Cmd: [...command] };
  const labelled = sorted({ ...Labels, ...labels });
  return {
    created: isoDate(epoch),
    ...platform,
    config: { ...execution, ...started, ...(Object.keys(labelled).length > 0 ? { Labels: labelled } : {}) },
    rootfs: { type: "layers", diff_ids: all.map(({ diffId }) => diffId) },
    history: [...historyOf(base), ...layers.map(({ history }) => history)],
  };
}

/** A base may have none, where ours would then be taken for that of its first layers. */
function historyOf(base: ImageFacts["base"]): History[] {
  const own = base?.config.history ?? [];
  return own.length > 0 ? own : (base?.layers ?? []).map(({ history }) => history);
}

/** RFC 3339, in UTC. */
export function isoDate(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(".000Z", "Z");
}

export interface ManifestFacts {
  config: Descriptor;
  layers: readonly OciLayer[];
  annotations: Readonly<Record<string, string>>;
  /** Digest of the manifest of the image below ours. */
  base?: string | undefined;
}

/** manifest.md. What the plan says counts for more than what we know. */
export function imageManifest({ config, layers, annotations, base }: ManifestFacts): ImageManifest {
  const own = base === undefined ? {} : { [Annotation.baseDigest]: base };
  const all = sorted({ ...own, ...annotations });
  return {
    schemaVersion: 2,
    mediaType: MediaType.manifest,
    config,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(Object.keys(all).length > 0 ? { annotations: all } : {}),
  };
}

/** image-index.md, of one image, under a name where it has one. */
export function imageIndex(manifest: Descriptor, platform: Platform, refName: string | undefined): ImageIndex {
  const named = refName === undefined ? {} : { annotations: { [Annotation.refName]: refName } };
  return {
    schemaVersion: 2,
    mediaType: MediaType.index,
    manifests: [{ ...manifest, platform, ...named }],
  };
}

function sorted(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
