import { join } from "node:path";
import { expect, test } from "vitest";
import { makePlan } from "../../../src/plan/index.ts";
import { refuseUnbuilt } from "../../../src/plan/refuse.ts";
import { requireTrees } from "../../../src/plan/required-trees.ts";
import { folder, load } from "../config/folder.ts";

const options = { toolsKey: "tools", build: "b1", force: 0, explain: false };
const distribution = "[Distribution]\nDistribution=debian\nRelease=sid\n";

/** Two subimages, whose names begin alike, and the main image with the lines. */
function project(lines: string, subimage = ""): string {
  return folder({
    "mkosi.conf": `${distribution}[Output]\nFormat=tar\nOutputDirectory=out\n${lines}`,
    "mkosi.images/os/mkosi.conf": "[Output]\nFormat=directory\n",
    "mkosi.images/os.more/mkosi.conf": `[Output]\nFormat=tar\n${subimage}`,
  });
}

test("what another image makes is no mount", async () => {
  const root = project(
    "[Content]\nBaseTrees=%O/os\nExtraTrees=%O/os.more:/a\n  %O/os.manifest:/b\n  %O/os.more.tar.zst\n",
  );
  const { plan, mounts } = makePlan(await load(root), options);
  expect(plan.outputSources).toEqual([
    { name: "main-base-1", image: "os" },
    { name: "main-extra-1", image: "os.more" },
    { name: "main-extra-2", image: "os", file: "os.manifest" },
    { name: "main-extra-3", image: "os.more", file: "os.more.tar.zst" },
  ]);
  expect(mounts).toEqual([]);
});

test("an output need not be there when a build begins", async () => {
  const resolved = await load(project("[Content]\nBaseTrees=%O/os\nExtraTrees=%O/os.more:/a\n"));
  expect(() => refuseUnbuilt(resolved, [], "build")).not.toThrow();
  expect(() => requireTrees(resolved, () => false)).not.toThrow();
});

test("an image cannot begin with one that is built after it", async () => {
  const root = project("", "[Content]\nBaseTrees=%O/image.tar.zst\n");
  const resolved = await load(root);
  expect(() => requireTrees(resolved, () => false)).toThrow(
    `BaseTrees= names ${join(root, "out/image.tar.zst")}, which does not exist, nor does an image before os.more make it`,
  );
});

test("Overlay= needs something to be compared with", async () => {
  const resolved = await load(project("Overlay=yes\n"));
  expect(() => requireTrees(resolved, () => true)).toThrow(
    "Overlay= of the image main needs BaseTrees=, which its output is compared with",
  );
});

test.each([
  ["Format=tar", { base: "distribution", partial: false }],
  ["Format=tar\n[Content]\nBaseTrees=x", { base: "trees", partial: false }],
  ["Format=tar\nOverlay=yes\n[Content]\nBaseTrees=x", { base: "trees", overlay: true, partial: true }],
])("%j", async (text, expected) => {
  const root = folder({ "mkosi.conf": `${distribution}[Output]\n${text}\n` });
  expect(makePlan(await load(root), options).plan.images.at(-1)).toMatchObject(expected);
});
