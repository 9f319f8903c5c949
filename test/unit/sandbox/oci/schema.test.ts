import { describe, expect, test } from "vitest";
import type { ZodType } from "zod";
import { readDocument } from "../../../../sandbox/oci/document.ts";
import {
  Annotations,
  Descriptor,
  Digest,
  ImageConfig,
  ImageIndex,
  ImageLayout,
  ImageManifest,
} from "../../../../sandbox/oci/schema.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest, size: 32_654 };
const manifest = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: 7023 },
  layers: [layer],
  annotations: { "com.example.key1": "value1" },
};
const config = {
  created: "2015-10-31T22:22:56.015925234Z",
  author: "Alyssa P. Hacker",
  architecture: "amd64",
  os: "linux",
  config: {
    User: "alice",
    ExposedPorts: { "8080/tcp": {} },
    Env: ["PATH=/usr/bin", "FOO=oci_is_a", "EMPTY="],
    Entrypoint: null,
    Cmd: ["--foreground"],
    Volumes: { "/var/job-result-data": {} },
    WorkingDir: "/home/alice",
    Labels: { "com.example.project.git.url": "https://example.com/project.git" },
  },
  rootfs: { type: "layers", diff_ids: [digest] },
  history: [
    { created: "2015-10-31T22:22:54.690851953Z", created_by: "/bin/sh -c #(nop) ADD file in /" },
    { created: "2015-10-31T22:22:55+01:00", created_by: "CMD", empty_layer: true },
  ],
};
const index = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [
    {
      ...manifest.config,
      mediaType: manifest.mediaType,
      platform: { architecture: "arm64", os: "linux", variant: "v8" },
    },
    {
      ...manifest.config,
      mediaType: "application/xml",
      annotations: { "org.freedesktop.specifications.metainfo.version": "1.0" },
    },
  ],
};

test.each<[string, ZodType, unknown]>([
  ["a manifest", ImageManifest, manifest],
  [
    "a manifest of Docker",
    ImageManifest,
    { ...manifest, mediaType: "application/vnd.docker.distribution.manifest.v2+json" },
  ],
  ["a manifest with properties that nobody knows", ImageManifest, { ...manifest, later: true }],
  [
    "an artifact",
    ImageManifest,
    {
      ...manifest,
      artifactType: "application/x",
      config: { ...layer, mediaType: "application/vnd.oci.empty.v1+json" },
    },
  ],
  ["a configuration", ImageConfig, config],
  [
    "a configuration without anything optional",
    ImageConfig,
    { architecture: "386", os: "linux", rootfs: config.rootfs },
  ],
  ["an index", ImageIndex, index],
  ["an index of nothing", ImageIndex, { schemaVersion: 2, manifests: [] }],
  ["a layout", ImageLayout, { imageLayoutVersion: "1.0.0" }],
  ["a descriptor with its content", Descriptor, { ...layer, data: "e30=", urls: ["https://example.com/"] }],
])("%s", (_, schema, value) => {
  expect(schema.parse(value)).toEqual(value);
});

describe("what is wrong is named, with its place", () => {
  test.each<[string, ZodType, unknown, string]>([
    [
      "size",
      ImageManifest,
      { ...manifest, layers: [{ ...layer, size: "1" }] },
      "layers[0].size: Invalid input: expected number, received string",
    ],
    ["a negative size", Descriptor, { ...layer, size: -1 }, "size: Too small: expected number to be >=0"],
    ["half a byte", Descriptor, { ...layer, size: 1.5 }, "size: Invalid input: expected int, received number"],
    [
      "digest",
      ImageManifest,
      { ...manifest, config: { ...layer, digest: "sha256:abc" } },
      "config.digest: expected as many lowercase hexadecimal digits as the algorithm has",
    ],
    [
      "digest in capitals",
      Descriptor,
      { ...layer, digest: digest.toUpperCase().replace("SHA", "sha") },
      "digest: expected as many lowercase hexadecimal digits as the algorithm has",
    ],
    ["no algorithm", Descriptor, { ...layer, digest: "abc" }, "digest: expected a digest, ALGORITHM:ENCODED"],
    [
      "media type",
      Descriptor,
      { ...layer, mediaType: "tar" },
      "mediaType: expected a media type, TYPE/SUBTYPE (RFC 6838)",
    ],
    ["no layers", ImageManifest, { ...manifest, layers: [] }, "layers: an image has a layer"],
    ["schema version", ImageManifest, { ...manifest, schemaVersion: 1 }, "schemaVersion: Invalid input: expected 2"],
    [
      "another document's media type",
      ImageManifest,
      { ...manifest, mediaType: index.mediaType },
      "mediaType: Invalid option: expected one of",
    ],
    [
      "an artifact of no type",
      ImageManifest,
      { ...manifest, config: { ...layer, mediaType: "application/vnd.oci.empty.v1+json" } },
      "artifactType: it is set where the configuration is empty",
    ],
    [
      "an annotation that is no text",
      ImageManifest,
      { ...manifest, annotations: { a: 1 } },
      "annotations.a: Invalid input: expected string, received number",
    ],
    ["an annotation without a key", Annotations, { "": "x" }, "the key of an annotation is not empty"],
    [
      "when the image was made",
      Annotations,
      { "org.opencontainers.image.created": "today" },
      "org.opencontainers.image.created: expected a date",
    ],
    [
      "architecture",
      ImageConfig,
      { ...config, architecture: undefined },
      "architecture: Invalid input: expected string, received undefined",
    ],
    [
      "date",
      ImageConfig,
      { ...config, created: "2015-10-31 22:22:56" },
      "created: expected a date and time as in RFC 3339",
    ],
    ["environment", ImageConfig, { ...config, config: { Env: ["PATH"] } }, "config.Env[0]: expected NAME=VALUE"],
    [
      "kind of root",
      ImageConfig,
      { ...config, rootfs: { type: "tree", diff_ids: [] } },
      'rootfs.type: Invalid input: expected "layers"',
    ],
    [
      "history",
      ImageConfig,
      { ...config, history: [{}, {}] },
      "history: it has as many entries with a layer as there are layers",
    ],
    [
      "platform",
      ImageIndex,
      { ...index, manifests: [{ ...layer, platform: { os: "linux" } }] },
      "manifests[0].platform.architecture: Invalid input: expected string, received undefined",
    ],
    ["no manifests", ImageIndex, { schemaVersion: 2 }, "manifests: Invalid input: expected array, received undefined"],
    [
      "version of the layout",
      ImageLayout,
      { imageLayoutVersion: "2.0.0" },
      'imageLayoutVersion: Invalid input: expected "1.0.0"',
    ],
    ["a list", ImageIndex, [], "Invalid input: expected object, received array"],
  ])("%s", (_, schema, value, expected) => {
    expect(() => readDocument(schema, JSON.stringify(value), "document")).toThrow(`document: ${expected}`);
  });

  test("what is no JSON at all", () => {
    expect(() => readDocument(ImageIndex, "{", "index.json")).toThrow(/^index\.json: .*JSON/);
  });
});

test.each(["sha256:g", "sha256:", ":abc", "sha512:abc", "SHA256:abc", "a b:c"])("%s is no digest", (text) => {
  expect(Digest.safeParse(text).success).toBe(false);
});

test.each([digest, `sha512:${"ab".repeat(64)}`, "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8"])(
  "%s is a digest",
  (text) => {
    expect(Digest.parse(text)).toBe(text);
  },
);
