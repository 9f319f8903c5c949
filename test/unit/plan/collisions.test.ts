import { expect, test } from "vitest";
import { makePlan } from "../../../src/plan/index.ts";
import { folder, load } from "../config/folder.ts";

const options = { toolsKey: "tools", build: "b1", force: 0, explain: false };
const distribution = "[Distribution]\nDistribution=debian\nRelease=sid\n";
const hint = "Give them different names with Output=, ImageId= or OutputExtension=";

/** Plans a main image with these lines in [Output], and a subimage with those. */
async function plan(main: string, subimage: string) {
  const root = folder({
    "mkosi.conf": `${distribution}[Output]\nFormat=tar\nCompressOutput=no\n${main}`,
    "mkosi.images/other/mkosi.conf": `[Output]\nFormat=tar\nCompressOutput=no\n${subimage}`,
  });
  return makePlan(await load(root), options);
}

test.each<[what: string, main: string, subimage: string, message: string]>([
  ["two outputs of one name", "Output=same\n", "Output=same\n", "the images other and main both deliver same.tar"],
  [
    "an output, and what stands beside another",
    "Output=other\nFormat=directory\n",
    "",
    "the images other and main both deliver other",
  ],
  [
    "an output with the name of its own manifest",
    "Output=image\nOutputExtension=manifest\nManifestFormat=json\n",
    "",
    "the image main and a list of what is in it are both called image.manifest",
  ],
])("%s", async (_, main, subimage, message) => {
  await expect(plan(main, subimage)).rejects.toThrow(
    expect.objectContaining({ code: "outputs-collide", message, hint, exitCode: 2 }),
  );
});

test.each([
  ["", ""],
  ["ManifestFormat=json\nChecksum=yes\n", "ManifestFormat=json\nChecksum=yes\n"],
  ["Output=same\n", "Output=same\nFormat=none\n"],
])("%j and %j", async (main, subimage) => {
  await expect(plan(main, subimage)).resolves.toBeDefined();
});
