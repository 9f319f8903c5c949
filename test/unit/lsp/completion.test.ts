import { describe, expect, test } from "vitest";
import { completionAt } from "../../../src/lsp/completion.ts";
import { marked, surroundings } from "./marked.ts";

const tree = {
  "mkosi.profiles/debug.conf": "",
  "mkosi.profiles/big/mkosi.conf": "",
  "mkosi.profiles/readme": "",
  "mkosi.images/base/mkosi.conf": "",
  "scripts/build.sh": "",
  "scripts/.hidden": "",
};

function complete(text: string, file?: string) {
  const { text: plain, position } = marked(text);
  return completionAt(plain, position, surroundings(tree, file));
}

const labels = (text: string, file?: string) => complete(text, file).map(({ label }) => label);

describe("sections", () => {
  test("are closed where they are not", () => {
    const [first] = complete("[Con^");
    expect(first).toMatchObject({
      label: "Include",
      textEdit: { newText: "Include]", range: { start: { character: 1 }, end: { character: 4 } } },
    });
  });

  test("keep their bracket", () => {
    expect(complete("[Con^]").find(({ label }) => label === "Content")).toMatchObject({
      textEdit: { newText: "Content" },
      documentation: expect.stringMatching(/^Settings: .*Packages=/),
    });
  });

  test("have brackets where there is none yet", () => {
    expect(complete("^")[0]).toMatchObject({ textEdit: { newText: "[Include]" } });
  });
});

describe("settings", () => {
  test("of the section come first", () => {
    const items = complete("[Output]\n^");
    const format = items.find(({ label }) => label === "Format");
    const packages = items.find(({ label }) => label === "Packages");
    expect(format).toMatchObject({ sortText: "0Format", detail: "[Output]", textEdit: { newText: "Format=" } });
    expect(packages).toMatchObject({ sortText: "1Packages", detail: "[Content]" });
  });

  test("get no second equals sign", () => {
    const format = complete("[Output]\nFor^=disk").find(({ label }) => label === "Format");
    expect(format).toMatchObject({ textEdit: { newText: "Format" } });
  });

  test.each(["Match", "Assert"])("of [%s] are what can be matched on", (section) => {
    const found = labels(`[${section}]\n^`);
    expect(found).toEqual(expect.arrayContaining(["Distribution", "PathExists", "SystemdVersion", "Image"]));
    expect(found).not.toContain("Packages");
  });
});

describe("values", () => {
  test.each([
    ["[Output]\nSplitArtifacts=uki ker^", ["uki", "kernel"]],
    ["[Output]\nFormat=^", ["disk", "tar"]],
    ["[Match]\nFormat=|!^", ["disk", "tar"]],
    ["[Match]\nHostArchitecture=^", ["x86-64", "arm64"]],
    ["[Include]\nInclude=^", ["mkosi-initrd", "mkosi-tools", "mkosi-vm", "scripts", "mkosi.conf"]],
  ])("%j has %j", (text, expected) => {
    expect(labels(text)).toEqual(expect.arrayContaining(expected));
  });

  test.each([
    ["[Config]\nProfiles=^", undefined, ["big", "debug"]],
    ["[Match]\nProfiles=d^", undefined, ["big", "debug"]],
    ["[Config]\nProfiles=^", "mkosi.images/base/mkosi.conf", ["big", "debug"]],
    ["[Config]\nDependencies=^", undefined, ["base"]],
    ["[Match]\nImage=^", undefined, ["main", "tools", "default-initrd", "base"]],
    ["[Output]\nOverlay=^", undefined, ["yes", "no"]],
    ["[Content]\nBootable=^", undefined, ["auto", "yes", "no"]],
    ["[Content]\nHostname=^", undefined, []],
    ["[Output]\nNonsense=^", undefined, []],
    ["[Content]\nBuildScripts=scripts/^", undefined, ["scripts/build.sh"]],
    ["[Content]\nBuildScripts=scripts/.^", undefined, ["scripts/.hidden"]],
    ["[Content]\nExtraTrees=scri^", undefined, ["scripts"]],
    ["[Content]\nExtraTrees=scripts:/u^", undefined, []],
    ["[Match]\nPathExists=scripts/b^", undefined, ["scripts/build.sh"]],
    ["[Content]\nExtraTrees=scr^", "mkosi.conf.d/x.conf", ["scripts"]],
  ])("%j in %s is one of %j", (text, file, expected) => {
    expect(labels(text, file)).toEqual(expected);
  });

  test("replace the item that is there", () => {
    expect(complete("[Config]\nProfiles=big de^bug")[0]).toMatchObject({
      textEdit: { newText: "big", range: { start: { character: 13 }, end: { character: 18 } } },
    });
  });
});

describe("specifiers", () => {
  test("follow a percent sign", () => {
    const found = complete("[Output]\nImageId=a-%^").find(({ label }) => label === "%d");
    expect(found).toMatchObject({
      documentation: "The value of Distribution=",
      textEdit: { newText: "%d", range: { start: { character: 10 }, end: { character: 11 } } },
    });
  });

  test.each(["a%%^", "a%d^"])("do not follow %s", (value) => {
    expect(labels(`[Output]\nImageId=${value}`)).toEqual([]);
  });
});

test("comments have none", () => {
  expect(complete("[Output]\n# Format=^")).toEqual([]);
});
