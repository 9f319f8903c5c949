import { describe, expect, test } from "vitest";
import { imageJson } from "../../../src/config/json.ts";
import { applyConfigured, type Configured } from "../../../src/plan/configured.ts";
import { refuseUnbuilt } from "../../../src/plan/refuse.ts";
import { loadText } from "../config/folder.ts";

const printed = (settings: Record<string, unknown>, image = "main", file = "mkosi.configure"): Configured => {
  return { type: "configured", image, file, settings };
};

test("what a script names is changed, what it does not name stays", async () => {
  const project = await loadText(
    "[Output]\nFormat=tar\n[Content]\nPackages=a\nHostname=h\n[X-Caisson]\nEngine=podman\n",
  );
  const changed = applyConfigured(project, [
    printed({ Packages: ["a", "b"], Hostname: null, RootPassword: ["secret", false] }),
    printed({ Packages: ["c"] }, "main", "second.sh"),
  ]);
  const { config, origins } = changed.main;
  expect(config).toEqual({
    ...project.main.config,
    Packages: ["c"],
    Hostname: undefined,
    RootPassword: { value: "secret", hashed: false },
  });
  expect(changed.images).toEqual([changed.main]);
  expect(origins.Packages).toEqual([{ kind: "default file", file: "second.sh", conditions: [] }]);
  expect(origins.Format).toEqual(project.main.origins.Format);
});

test("the whole JSON as it was changes nothing", async () => {
  const project = await loadText("[Build]\nBuildDirectory=b\n[Content]\nPackages=a\nExtraTrees=/tmp:/x\n");
  const whole = JSON.parse(JSON.stringify(imageJson(project.main)));
  const { main, images } = applyConfigured(project, [printed(whole)]);
  expect({ main, images }).toEqual({ main: project.main, images: project.images });
});

test("images are put in order again, and those that nobody depends on are left out", async () => {
  const files = { "mkosi.images/a.conf": "", "mkosi.images/b.conf": "", "mkosi.images/c.conf": "" };
  const project = await loadText("", files);
  expect(project.images.map(({ image }) => image)).toEqual(["a", "b", "c", "main"]);
  const changed = applyConfigured(project, [printed({ Dependencies: ["b"] }, "a"), printed({ Dependencies: ["a"] })]);
  expect(changed.images.map(({ image }) => image)).toEqual(["b", "a", "main"]);
  expect(() => applyConfigured(project, [printed({ Dependencies: ["z"] })])).toThrow(
    "Dependencies= of the image main names z, which is none",
  );
});

test("what a script asks for that is not built yet is refused", async () => {
  const project = applyConfigured(await loadText(""), [printed({ UseSubvolumes: "enabled" })]);
  expect(() => refuseUnbuilt(project, [], "build")).toThrow(
    "mkosi.configure: UseSubvolumes= is read, but not built yet",
  );
});

describe("what is wrong", () => {
  test.each<[settings: Record<string, unknown>, message: string]>([
    [{ Hostnam: "x" }, "printed the unknown setting Hostnam for the image main; did you mean Hostname?"],
    [{ Nonsense: 1 }, "printed the unknown setting Nonsense for the image main"],
    [{ Engine: "docker" }, "printed the unknown setting Engine for the image main"],
    [{ Image: "other" }, "Image of the image main cannot be changed"],
    [{ Files: [] }, "Files of the image main cannot be changed"],
    [{ Format: null }, "Format of the image main cannot be null"],
    [{ Packages: null }, "Packages of the image main cannot be null"],
    [{ Packages: "a" }, "Packages of the image main: Invalid input: expected array, received string"],
    [{ Bootable: "maybe" }, 'Bootable of the image main: Invalid option: expected one of "auto"|"enabled"|"disabled"'],
    [{ Output: "a/b" }, "Output of the image main: expected a file name without a folder, not a/b"],
  ])("%j", async (settings, message) => {
    const project = await loadText("");
    expect(() => applyConfigured(project, [printed(settings)])).toThrow(
      expect.objectContaining({
        code: "configure-invalid",
        exitCode: 2,
        message: `mkosi.configure: ${message}`,
        hint: "A configure script prints settings as it gets them",
      }),
    );
  });
});
