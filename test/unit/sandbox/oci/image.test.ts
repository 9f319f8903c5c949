import { describe, expect, test } from "vitest";
import { imageConfig, imageIndex, imageManifest, isoDate, type OciLayer } from "../../../../sandbox/oci/image.ts";
import { ImageConfig, ImageIndex, ImageManifest, MediaType } from "../../../../sandbox/oci/schema.ts";
import { isReserved, readWhiteout, whiteoutOf } from "../../../../sandbox/oci/whiteouts.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const layer = (letter: string, comment: string): OciLayer => ({
  descriptor: { mediaType: `${MediaType.layer}+gzip`, digest: digest(letter), size: 10 },
  diffId: digest(letter),
  history: { created: isoDate(0), comment },
});
const platform = { architecture: "arm64", variant: "v8", os: "linux" };

describe("configuration", () => {
  const facts = {
    epoch: 1_700_000_000,
    platform,
    layers: [layer("a", "base"), layer("b", "rest")],
    labels: { z: "1", a: "2" },
    command: ["/sbin/init"],
  };

  test("of an image of our own", () => {
    const config = imageConfig(facts);
    expect(ImageConfig.parse(config)).toEqual(config);
    expect(JSON.stringify(config)).toBe(
      '{"created":"2023-11-14T22:13:20Z","architecture":"arm64","variant":"v8","os":"linux",' +
        '"config":{"Cmd":["/sbin/init"],"Labels":{"a":"2","z":"1"}},' +
        `"rootfs":{"type":"layers","diff_ids":["${digest("a")}","${digest("b")}"]},` +
        '"history":[{"created":"1970-01-01T00:00:00Z","comment":"base"},{"created":"1970-01-01T00:00:00Z","comment":"rest"}]}',
    );
  });

  test("over a base its settings stay", () => {
    const base = imageConfig({ ...facts, layers: [layer("c", "below")], labels: { a: "0", b: "1" } });
    const own = { ...base, config: { ...base.config, Cmd: ["serve"], Env: ["A=1"] } };
    const config = imageConfig({ ...facts, base: { config: own, layers: [layer("c", "below")] } });
    expect(ImageConfig.parse(config)).toEqual(config);
    expect(config.config).toEqual({ Cmd: ["serve"], Env: ["A=1"], Labels: { a: "2", b: "1", z: "1" } });
    expect(config.rootfs.diff_ids).toEqual(["c", "a", "b"].map(digest));
    expect(config.history?.map(({ comment }) => comment)).toEqual(["below", "base", "rest"]);
  });

  test("over a base without history there is one for each of its layers", () => {
    const { history: _, ...base } = imageConfig({ ...facts, layers: [layer("c", "below")] });
    const config = imageConfig({ ...facts, base: { config: base, layers: [layer("c", "below")] } });
    expect(ImageConfig.parse(config).history).toHaveLength(3);
  });
});

test("manifest", () => {
  const config = { mediaType: MediaType.config, digest: digest("d"), size: 2 };
  const plain = imageManifest({ config, layers: [layer("a", "")], annotations: {} });
  expect(ImageManifest.parse(plain)).toEqual(plain);
  expect(Object.keys(plain)).toEqual(["schemaVersion", "mediaType", "config", "layers"]);
  const annotated = imageManifest({ config, layers: [layer("a", "")], annotations: { x: "1" }, base: digest("e") });
  expect(annotated.annotations).toEqual({ "org.opencontainers.image.base.digest": digest("e"), x: "1" });
});

test("index", () => {
  const manifest = { mediaType: MediaType.manifest, digest: digest("d"), size: 2 };
  const index = imageIndex(manifest, platform, "demo");
  expect(ImageIndex.parse(index)).toEqual(index);
  expect(index.manifests).toEqual([
    { ...manifest, platform, annotations: { "org.opencontainers.image.ref.name": "demo" } },
  ]);
  expect(imageIndex(manifest, platform, undefined).manifests).toEqual([{ ...manifest, platform }]);
});

describe("whiteouts", () => {
  test.each([
    ["etc/passwd", undefined],
    [".wh.etc", { kind: "file", path: "etc" }],
    ["etc/.wh.passwd", { kind: "file", path: "etc/passwd" }],
    ["etc/.wh..wh..opq", { kind: "opaque", path: "etc" }],
    [".wh..wh..opq", { kind: "opaque", path: "" }],
  ])("%s", (path, expected) => {
    expect(readWhiteout(path)).toEqual(expected);
    expect(isReserved(path)).toBe(expected !== undefined);
  });

  test.each([
    ["etc", ".wh.etc"],
    ["etc/passwd", "etc/.wh.passwd"],
  ])("of %s", (path, expected) => {
    expect(whiteoutOf(path)).toBe(expected);
    expect(readWhiteout(expected)).toEqual({ kind: "file", path });
  });
});
