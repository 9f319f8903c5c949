import { expect, test } from "vitest";
import { summaryJson } from "../../../src/config/json.ts";
import { summaryText } from "../../../src/verbs/summary.ts";
import { folder, given, load } from "../config/folder.ts";

const conf = "[Distribution]\nDistribution=debian\nRelease=trixie\n[Content]\nRootPassword=secret\nPackages=a b\n";

test("the data has the settings' names as keys, one object per image", async () => {
  const root = folder({ "mkosi.conf": `${conf}Bootable=yes\nExtraTrees=t:/t\n`, "t/": "" });
  const { Images } = summaryJson(await load(root));
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

const plain = { color: false, origins: false };

test("the text says what is set, but no password", async () => {
  const root = folder({ "mkosi.conf": conf });
  const lines = summaryText(await load(root, { arguments: given(["Format", "tar"]) }), plain).split("\n");
  expect(lines.slice(0, 2)).toEqual(["IMAGE: main", ""]);
  expect(lines).toContain("  [Distribution]");
  expect(lines).toContain("    Distribution:                      debian");
  expect(lines).toContain("    Packages:                          a");
  expect(lines).toContain("                                       b");
  expect(lines).toContain("    RootPassword:                      (set)");
  expect(lines.join()).not.toContain("secret");
  expect(lines.join()).not.toContain("Mirror:");
});

test("on request it says where each value was set", async () => {
  const root = folder({ "mkosi.conf": conf });
  const project = await load(root, { arguments: given(["Format", "tar"]) });
  const lines = summaryText(project, { ...plain, origins: true }).split("\n");
  expect(lines).toContain("    Format:                            tar  (--format=tar)");
  expect(lines).toContain(`    Packages:                          a  (${root}/mkosi.conf:6)`);
  expect(lines).toContain("    Output:                            image");
});

test("on a terminal, what is set stands out", async () => {
  const root = folder({ "mkosi.conf": conf });
  const text = summaryText(await load(root), { ...plain, color: true });
  expect(text).toContain("\x1b[1mdebian\x1b[22m");
  expect(text).toContain(" image\n");
});
