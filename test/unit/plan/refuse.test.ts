import { describe, expect, test } from "vitest";
import type { UserError } from "../../../src/errors.ts";
import { refuseUnbuilt } from "../../../src/plan/refuse.ts";
import { folder, load, loadText } from "../config/folder.ts";

async function refusal(content: string, ignored: string[] = [], files: Record<string, string> = {}) {
  const project = await loadText(content, files);
  try {
    refuseUnbuilt(project, ignored, "build");
  } catch (error) {
    const { code, exitCode, message } = error as UserError;
    return { code, exitCode, lines: message.replaceAll(`${project.directory}/`, "").split("\n") };
  }
  return undefined;
}

describe("what is not built yet", () => {
  test.each<[content: string, lines: string[]]>([
    ["[Output]\nUseSubvolumes=yes\n", ["mkosi.conf:5: UseSubvolumes=yes is read, but not built yet"]],
    [
      "[Build]\nUseSubvolumes=yes\nForeignUIDRange=yes\n",
      [
        "mkosi.conf:5: UseSubvolumes=yes is read, but not built yet",
        "mkosi.conf:6: ForeignUIDRange=yes is read, but not built yet",
      ],
    ],
  ])("%j", async (content, lines) => {
    expect(await refusal(content)).toEqual({ code: "not-built-yet", exitCode: 2, lines });
  });

  test.each([
    "",
    "[Output]\nFormat=tar\nCompressOutput=xz\n",
    "[Content]\nBiosBootloader=none\n",
    "[Content]\nBootable=yes\n",
    "[Build]\nUseSubvolumes=\n",
  ])("nothing is refused in %j", async (content) => {
    expect(await refusal(content)).toBeUndefined();
  });

  test("a default that is set, of a setting that is not built", async () => {
    expect(await refusal("[Build]\nUseSubvolumes=auto\n")).toBeUndefined();
  });

  test("what is named is passed over", async () => {
    expect(await refusal("[Build]\nUseSubvolumes=yes\n", ["UseSubvolumes"])).toBeUndefined();
  });

  test("the built-in configurations set what they like", async () => {
    expect(await refusal("[Content]\nBootable=yes\n")).toBeUndefined();
  });

  test("a problem of the configuration alone keeps its code, and its hint says how to pass over it", async () => {
    const project = await loadText("[Content]\nPackges=a\n");
    const hint = "'caisson help' lists every setting\nTo build all the same: --ignore=unknown-setting";
    expect(() => refuseUnbuilt(project, [], "build")).toThrow(
      expect.objectContaining({ code: "unknown-setting", exitCode: 2, hint }),
    );
  });

  test("what concerns running an image is refused to those who run it", async () => {
    const project = await loadText("[Runtime]\nMaxMem=4G\n[Content]\nPackages=a\n");
    expect(() => refuseUnbuilt(project, [], "build")).not.toThrow();
    expect(() => refuseUnbuilt(project, [], "run")).toThrow(/:5: MaxMem=4G is read, but not built yet$/);
  });

  test("the hint says how to go on", async () => {
    const project = await loadText("[Build]\nUseSubvolumes=yes\n");
    const hint = "To build without it, name it: --ignore=NAME, or Ignore= in [X-Caisson], with settings or codes";
    expect(() => refuseUnbuilt(project, [], "build")).toThrow(expect.objectContaining({ hint }));
  });

  test("an unknown setting, by its code", async () => {
    const content = "[Content]\nNoSuchThing=1\n";
    expect(await refusal(content)).toMatchObject({ code: "unknown-setting", exitCode: 2 });
    expect(await refusal(content, ["unknown-setting"])).toBeUndefined();
  });

  test("what a subimage inherits is told once", async () => {
    const files = { "mkosi.images/a/mkosi.conf": "" };
    const refused = await refusal("[Build]\nUseSubvolumes=yes\n", [], files);
    expect(refused?.lines).toEqual(["mkosi.conf:5: UseSubvolumes=yes is read, but not built yet"]);
  });
});

describe("distribution, release, architecture", () => {
  test("a distribution of this machine that is not built", async () => {
    const project = await load(folder({ "mkosi.conf": "" }), { host: ["fedora", "43"] });
    expect(() => refuseUnbuilt(project, [], "build")).toThrow(
      "Distribution= is fedora, but Caisson builds debian or ubuntu",
    );
  });

  test.each<[content: string, code: string, line: string]>([
    [
      "Release=trixi\n",
      "unknown-release",
      "mkosi.conf:4: Release=trixi: Debian has bookworm, trixie, forky, sid, stable, testing or unstable; did you mean trixie?",
    ],
    [
      "Architecture=tilegx\n",
      "architecture-unsupported",
      "mkosi.conf:4: Architecture=tilegx: Debian has alpha, arm, arm64, ia64, loongarch64, mips-le, mips64-le, parisc, ppc64, ppc64-le, riscv64, s390, s390x, x86 or x86-64",
    ],
  ])("%j", async (content, code, line) => {
    expect(await refusal(content)).toEqual({ code, exitCode: 2, lines: [line] });
  });

  test("a release that is newer than Caisson can be let through", async () => {
    expect(await refusal("Release=duke\n", ["unknown-release"])).toBeUndefined();
  });
});
