import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Bytes } from "../../../../sandbox/compare/blob.ts";
import type { Tree } from "../../../../sandbox/compare/tree.ts";
import { compareTrees } from "../../../../sandbox/compare/trees.ts";
import { reported, told } from "./comparing.ts";

/** An image of the layers, whose contents are texts. */
function layout({ layers = ["one", "two"], env = "A=1", tag = "latest" } = {}): Tree {
  const tree: Tree = new Map();
  const add = (path: string, text: string) => {
    tree.set(path, { kind: "file", attributes: {}, content: new Bytes(Buffer.from(text)) });
  };
  const blob = (value: unknown) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const digest = createHash("sha256").update(text).digest("hex");
    add(`blobs/sha256/${digest}`, text);
    return { digest: `sha256:${digest}`, size: text.length };
  };
  const descriptors = layers.map(blob);
  const rootfs = { type: "layers", diff_ids: descriptors.map(({ digest }) => digest) };
  const config = blob({ config: { Env: [env] }, rootfs });
  const manifest = blob({ schemaVersion: 2, config, layers: descriptors });
  const annotations = { "org.opencontainers.image.ref.name": tag };
  add("index.json", JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));
  add("oci-layout", '{"imageLayoutVersion":"1.0.0"}');
  return tree;
}

async function differences(a: Tree, b: Tree): Promise<string[]> {
  return (await reported((comparer) => compareTrees({ a, b }, [], comparer))).map(told);
}

test("the same image", async () => {
  expect(await differences(layout(), layout())).toEqual([]);
});

test("a layer's content, and not the digests that follow from it", async () => {
  const found = await differences(layout(), layout({ layers: ["one", "zwei"] }));
  expect(found).toEqual(['latest > 2 > content: "two" -> "zwei"', "latest > 2 > size: 3 -> 4"]);
});

test("a setting of the image", async () => {
  expect(await differences(layout(), layout({ env: "A=2" }))).toEqual([
    'latest > config > config.Env[0]: "A=1" -> "A=2"',
  ]);
});

test("a name", async () => {
  expect(await differences(layout(), layout({ tag: "next" }))).toEqual([
    '/index.json > manifests[0].annotations.org.opencontainers.image.ref.name: "latest" -> "next"',
  ]);
});

test("a layer more", async () => {
  const found = await differences(layout({ layers: ["one"] }), layout());
  expect(found).toEqual(["latest > layers[1]: (none) -> {}"]);
});

test("a blob that no index names", async () => {
  const other = layout();
  other.set("blobs/sha256/stray", { kind: "file", attributes: {}, content: new Bytes(Buffer.from("x")) });
  expect(await differences(layout(), other)).toEqual(["/blobs/sha256/stray > file: (none) -> file"]);
});
