import { expect, test } from "vitest";
import { summaryData, summaryText } from "../../../src/verbs/summary.ts";
import { folder, given, load } from "../config/folder.ts";

const conf = "[Distribution]\nDistribution=debian\nRelease=trixie\n[Content]\nRootPassword=secret\nPackages=a b\n";

test("the data has the settings' names as keys, one object per image", async () => {
  const root = folder({ "mkosi.conf": `${conf}Bootable=yes\nExtraTrees=t:/t\n`, "t/": "" });
  const { Images } = summaryData(await load(root));
  expect(Images.map(({ Image }) => Image)).toEqual(["default-initrd", "main"]);
  expect(Images[1]).toMatchObject({
    Distribution: "debian",
    Mirror: null,
    Packages: ["a", "b"],
    RootPassword: ["secret", false],
    ExtraTrees: [{ Source: `${root}/t`, Target: "/t" }],
    Bootable: "enabled",
    RAM: 2147483648,
  });
});

test("the text says what is set, and where, but no password", async () => {
  const root = folder({ "mkosi.conf": conf });
  const lines = summaryText(await load(root, { arguments: given(["Format", "tar"]) })).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "IMAGE: main",
    "",
    "  [Distribution]",
    `    Distribution:               debian  (${root}/mkosi.conf:2)`,
  ]);
  expect(lines).toContain("    Format:                     tar  (--format=tar)");
  expect(lines).toContain(`    Packages:                   a  (${root}/mkosi.conf:6)`);
  expect(lines).toContain("                                b");
  expect(lines).toContain(`    RootPassword:               (set)  (${root}/mkosi.conf:5)`);
  expect(lines.join()).not.toContain("secret");
  expect(lines.join()).not.toContain("Mirror:");
});
