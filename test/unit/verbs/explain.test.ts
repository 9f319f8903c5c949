import { expect, test } from "vitest";
import { explain } from "../../../src/verbs/explain.ts";
import { debian, folder } from "../config/folder.ts";
import { verbContext } from "./context.ts";

const root = folderOf({
  "mkosi.conf": `${debian}[Content]\nPackages=a\nBootable=yes\nRootPassword=hashed:x\nInitrdPackages=i\n`,
  "mkosi.conf.d/10-reset.conf": "[Match]\nDistribution=|debian\nDistribution=|fedora\n[Content]\nPackages=\n",
  "mkosi.conf.d/20-more.conf": "[Match]\nFormat=!tar\n[Content]\nPackages=b\n    c\nBootable=no\n",
  "mkosi.conf.d/30-fedora/mkosi.conf": "[Match]\nDistribution=fedora\n[Content]\nPackages=d\n",
  "mkosi.conf.d/30-fedora/mkosi.conf.d/x.conf": "[Content]\nPackages=e\n",
  "mkosi.profiles/p.conf": "[Content]\nPackages=f\n",
});

function folderOf(files: Record<string, string>): () => string {
  return () => folder(files);
}

async function run(directory: string, ...argv: string[]) {
  const { text = "", data } = await explain(verbContext("-C", directory, "explain", ...argv));
  return { text: text.replaceAll(`${directory}/`, ""), data };
}

test("tells every assignment in the order read, what let it in, and what was passed over", async () => {
  const { text } = await run(root(), "Packages", "--package=z");
  expect(text).toBe(`Packages= of the image main
  value:    b
            c
            z
  default:  not set

Set, in the order read:
  --package=z
  mkosi.conf:5  a (overridden)
  mkosi.conf.d/10-reset.conf:5 (resets what was before)
    since mkosi.conf.d/10-reset.conf:2: Distribution=|debian
  mkosi.conf.d/20-more.conf:4  b c
    since mkosi.conf.d/20-more.conf:2: Format=!tar

Passed over:
  mkosi.conf.d/30-fedora/mkosi.conf:4  d
    since mkosi.conf.d/30-fedora/mkosi.conf:2: Distribution=fedora does not hold
  mkosi.conf.d/30-fedora/mkosi.conf.d/x.conf:2  e
    since mkosi.conf.d/30-fedora/mkosi.conf:2: Distribution=fedora does not hold
  mkosi.profiles/p.conf:2  f
    since the profile p is not chosen
`);
});

test("tells which of two values counts", async () => {
  const { text, data } = await run(root(), "Bootable");
  expect(text).toBe(`Bootable= of the image main
  value:    disabled
  default:  auto

Set, in the order read:
  mkosi.conf:6  yes (overridden)
  mkosi.conf.d/20-more.conf:6  no
    since mkosi.conf.d/20-more.conf:2: Format=!tar
`);
  expect(data).toMatchObject({
    setting: "Bootable",
    image: "main",
    value: ["disabled"],
    isDefault: false,
    default: "auto",
    assignments: [
      { text: "yes", effect: "overridden", conditions: [] },
      { text: "no", effect: "counts", conditions: [{ text: "Format=!tar" }] },
    ],
    handedDown: [],
    passedOver: [],
  });
});

test("tells what nothing sets, with the default in words where it is computed", async () => {
  expect((await run(root(), "Output")).text).toBe(`Output= of the image main
  value:    image (the default)
  default:  the image's name ('image' for the main one without ImageId=), with its version where it has one

Nothing sets it
`);
});

test("tells where another image has its value from", async () => {
  const directory = root();
  const { text } = await run(directory, "Distribution", "--image=default-initrd", "--bootable=yes");
  expect(text).toBe(`Distribution= of the image default-initrd
  value:    debian
  default:  that of this machine, or 'custom' where it is not among them

Handed down:
  from the image main: mkosi.conf:2
`);
});

test("shows no secrets", async () => {
  const { text } = await run(root(), "RootPassword");
  expect(text).toContain("  value:    (set)\n");
  expect(text).toContain("  mkosi.conf:7  (set)\n");
});

test.each([
  [["--root-password"], "RootPassword"],
  [["packages="], "Packages"],
  [["QemuMem"], "RAM"],
  [["KernelModulesInclude"], "KernelModules"],
])("%j is the setting %s", async (argv, setting) => {
  expect((await run(folder({ "mkosi.conf": debian }), "--", ...argv)).data).toMatchObject({ setting });
});

test.each([
  [[], "missing-argument", "explain takes the name of a setting, such as Packages"],
  [["A", "B"], "unexpected-argument", "explain takes one setting, but was given 'B' as well"],
  [["Relaese"], "unknown-setting", "There is no setting Relaese; did you mean Release?"],
  [["Release", "--image=mian"], "unknown-image", "There is no image mian; did you mean main?"],
])("refuses %j", async (argv, code, message) => {
  const directory = folder({ "mkosi.conf": debian });
  await expect(run(directory, ...argv)).rejects.toMatchObject({ code, message, exitCode: 2 });
});
