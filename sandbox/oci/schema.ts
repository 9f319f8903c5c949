/**
 * The documents of the OCI image specification 1.1: what MUST be so in its texts descriptor.md, image-index.md,
 * manifest.md, config.md, image-layout.md and annotations.md. Properties that it does not know are let through, as it asks.
 */
import * as z from "zod";

/** Those that we write and read; Docker's own are read, too. */
export const MediaType = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
  empty: "application/vnd.oci.empty.v1+json",
} as const;

/** Names of annotations (annotations.md, "Pre-Defined Annotation Keys"). */
export const Annotation = {
  refName: "org.opencontainers.image.ref.name",
  baseDigest: "org.opencontainers.image.base.digest",
} as const;

/** Hexadecimal digits of the registered algorithms (descriptor.md, "Registered Identifiers"). */
const DIGITS: Record<string, number> = { sha256: 64, sha512: 128, blake3: 64 };

/** `ALGORITHM:ENCODED` (descriptor.md, "Digests"). */
export const Digest = z
  .string()
  .regex(/^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/, "expected a digest, ALGORITHM:ENCODED")
  .refine(isWellEncoded, "expected as many lowercase hexadecimal digits as the algorithm has");

function isWellEncoded(digest: string): boolean {
  const [algorithm = "", encoded = ""] = digest.split(":");
  const length = DIGITS[algorithm];
  return length === undefined || (encoded.length === length && /^[0-9a-f]+$/.test(encoded));
}

const NAME = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}";
const mediaType = z.string().regex(new RegExp(`^${NAME}/${NAME}$`), "expected a media type, TYPE/SUBTYPE (RFC 6838)");

const text = z.string();
const date = z.iso.datetime({ offset: true, error: "expected a date and time as in RFC 3339" });
const version2 = z.literal(2);

/** annotations.md, "Rules". Where a predefined key has a form, its value has that. */
export const Annotations = z.record(text, text).superRefine((annotations, context) => {
  const { "": nameless, "org.opencontainers.image.created": created } = annotations;
  if (nameless !== undefined) context.addIssue({ code: "custom", message: "the key of an annotation is not empty" });
  if (created !== undefined && !date.safeParse(created).success)
    context.addIssue({ code: "custom", path: ["org.opencontainers.image.created"], message: "expected a date" });
});

/** descriptor.md, "Properties". */
export const Descriptor = z.looseObject({
  mediaType,
  digest: Digest,
  /** Bytes. */
  size: z.number().int().nonnegative(),
  urls: z.array(text).optional(),
  annotations: Annotations.optional(),
  data: z.base64().optional(),
  artifactType: mediaType.optional(),
});
export type Descriptor = z.infer<typeof Descriptor>;

/** image-index.md: what an image is for. */
export const Platform = z.looseObject({
  architecture: text,
  os: text,
  "os.version": text.optional(),
  "os.features": z.array(text).optional(),
  variant: text.optional(),
});
export type Platform = z.infer<typeof Platform>;

const IndexEntry = z.looseObject({ ...Descriptor.shape, platform: Platform.optional() });
export type IndexEntry = z.infer<typeof IndexEntry>;

/** image-index.md. Docker calls the same a manifest list. */
export const ImageIndex = z.looseObject({
  schemaVersion: version2,
  mediaType: z.enum([MediaType.index, "application/vnd.docker.distribution.manifest.list.v2+json"]).optional(),
  artifactType: mediaType.optional(),
  manifests: z.array(IndexEntry),
  subject: Descriptor.optional(),
  annotations: Annotations.optional(),
});
export type ImageIndex = z.infer<typeof ImageIndex>;

/** manifest.md. */
export const ImageManifest = z
  .looseObject({
    schemaVersion: version2,
    mediaType: z.enum([MediaType.manifest, "application/vnd.docker.distribution.manifest.v2+json"]).optional(),
    artifactType: mediaType.optional(),
    config: Descriptor,
    layers: z.array(Descriptor).min(1, "an image has a layer"),
    subject: Descriptor.optional(),
    annotations: Annotations.optional(),
  })
  .refine(({ artifactType, config }) => config.mediaType !== MediaType.empty || artifactType !== undefined, {
    path: ["artifactType"],
    message: "it is set where the configuration is empty",
  });
export type ImageManifest = z.infer<typeof ImageManifest>;

/** A set, as JSON made from Go has it. */
const set = z.record(text, z.looseObject({})).nullish();

/** config.md: what is run, and how. Tools that are written in Go write null for what is not there. */
const Execution = z.looseObject({
  User: text.nullish(),
  ExposedPorts: set,
  Env: z.array(text.regex(/^[^=]+=/, "expected NAME=VALUE")).nullish(),
  Entrypoint: z.array(text).nullish(),
  Cmd: z.array(text).nullish(),
  Volumes: set,
  WorkingDir: text.nullish(),
  Labels: z.record(text, text).nullish(),
  StopSignal: text.nullish(),
});

const History = z.looseObject({
  created: date.optional(),
  author: text.optional(),
  created_by: text.optional(),
  comment: text.optional(),
  empty_layer: z.boolean().optional(),
});
export type History = z.infer<typeof History>;

/** config.md, "Properties". */
export const ImageConfig = z
  .looseObject({
    created: date.optional(),
    author: text.optional(),
    architecture: text.min(1),
    os: text.min(1),
    "os.version": text.optional(),
    "os.features": z.array(text).optional(),
    variant: text.optional(),
    config: Execution.nullish(),
    rootfs: z.looseObject({ type: z.literal("layers"), diff_ids: z.array(Digest) }),
    history: z.array(History).nullish(),
  })
  .refine(hasHistoryOfLayers, {
    path: ["history"],
    message: "it has as many entries with a layer as there are layers",
  });
export type ImageConfig = z.infer<typeof ImageConfig>;

interface Layered {
  history?: History[] | null | undefined;
  rootfs: { diff_ids: string[] };
}

function hasHistoryOfLayers({ history, rootfs }: Layered): boolean {
  if (history === undefined || history === null || history.length === 0) return true;
  return history.filter((entry) => entry.empty_layer !== true).length === rootfs.diff_ids.length;
}

/** image-layout.md, "oci-layout file". */
export const ImageLayout = z.looseObject({ imageLayoutVersion: z.literal("1.0.0") });
