import { describe, expect, test } from "vitest";
import { readImageJson, readSummaryJson } from "../../../src/config/from-json.ts";
import { expandKey, imageJson, summaryJson } from "../../../src/config/json.ts";
import { folder, given, load } from "./folder.ts";

const conf = "[Distribution]\nDistribution=debian\nRelease=trixie\n";
const read = async (text = "", ...options: [string, string][]) =>
  load(folder({ "mkosi.conf": conf + text }), { arguments: given(...options) });
const copy = (value: unknown) => JSON.parse(JSON.stringify(value));

test("an image has the settings' names as keys, in order, with null for what is not set", async () => {
  const json = imageJson((await read("[Content]\nBootable=no\n")).main);
  expect(Object.keys(json)).toEqual(Object.keys(json).sort());
  expect(json).toMatchObject({ Image: "main", Bootable: "disabled", Mirror: null, Packages: [] });
  expect(json).not.toHaveProperty("Include");
  expect(json).not.toHaveProperty("Engine");
});

test("where build scripts work follows from two settings", async () => {
  const { main, directory } = await read("[Build]\nBuildDirectory=b\nBuildKey=&d~&r&&&I\n");
  expect(imageJson(main)).toMatchObject({ BuildSubdirectory: `${directory}/b/debian~trixie&main` });
  expect(imageJson((await read("[Build]\nBuildDirectory=/b\nBuildKey=-\n")).main)).toMatchObject({
    BuildSubdirectory: "/b",
  });
});

test("what has no value in a key is left out", async () => {
  expect(expandKey("&i-&v-&x", "main", (await read()).config)).toBe("--");
});

test("settings of Caisson alone stand beside the images, where they are set", async () => {
  expect(summaryJson(await read())).not.toHaveProperty("X-Caisson");
  const summary = summaryJson(await read("[X-Caisson]\nEngine=podman\n"));
  expect(summary["X-Caisson"]).toEqual({ Engine: "podman" });
  expect(readSummaryJson(copy(summary)).images.at(-1)?.config.Engine).toBe("podman");
});

test("reading back gives the same configuration", async () => {
  const project = await read("[Content]\nBootable=yes\nExtraTrees=/:/t\nRootPassword=hashed:x\n", [
    "Mirror",
    "http://m",
  ]);
  const back = readSummaryJson(copy(summaryJson(project)));
  expect(back.tools).toBeUndefined();
  expect(summaryJson(back)).toEqual(summaryJson(project));
  expect(back.images.at(-1)?.config.ExtraTrees).toEqual([{ source: "/", target: "/t" }]);
});

describe("what is wrong in JSON is named", () => {
  test.each<[json: unknown, message: string]>([
    [[], "Expected an image: an object with the key Image"],
    [{ Image: "main", Pakages: [] }, "The image main has the unknown setting Pakages"],
    [{ Image: "main", Packages: "a" }, "Packages of the image main: Invalid input: expected array, received string"],
  ])("%j", (json, message) => {
    expect(() => readImageJson(json)).toThrow(expect.objectContaining({ code: "invalid-json", exitCode: 2, message }));
  });

  test("a summary without images", () => {
    expect(() => readSummaryJson({ Tools: null })).toThrow(
      expect.objectContaining({ message: "Expected an object with the keys Images and Tools" }),
    );
  });
});
