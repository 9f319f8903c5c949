import { chmodSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { machineFiles } from "../../../src/config/machine.ts";
import { lintProject } from "../../../src/lint/index.ts";
import { debian, folder, given } from "../config/folder.ts";
import { lintFiles, lintFolder, lintText } from "./lint.ts";

test("finds nothing in a tidy project", async () => {
  const files = {
    "mkosi.conf.d/a.conf": "[Match]\nDistribution=|debian\nDistribution=|fedora\n\n[Content]\nPackages=a b\n",
    "mkosi.conf.d/fedora/mkosi.conf": "[Match]\nDistribution=fedora\nRelease=43\n\n[Content]\nPackages=c\n",
    "mkosi.conf.d/.gitkeep": "",
    "mkosi.conf.d/README.md": "",
    "mkosi.conf.d/helper.sh": "",
    "mkosi.profiles/p.conf": "[Output]\nFormat=tar\nCompressLevel=5\n",
    "mkosi.images/sub/mkosi.conf": "[Match]\nProfiles=p\n[Output]\nFormat=tar\n",
  };
  expect(await lintText("[Content]\nBootable=no\nSkeletonTrees=mkosi.conf.d/helper.sh:/helper\n", files)).toEqual([]);
});

test("finds all problems at once, by file and line, each at the word that is wrong", async () => {
  const text = `[Content]
Packges=a
[Output]
Format=diks
Compressoutput=zstd
[Contnet]
Packages=b
word
`;
  expect(await lintText(text)).toEqual([
    "mkosi.conf:5:1: error: unknown setting Packges=; did you mean Packages=? [unknown-setting]",
    "  'caisson help' lists every setting",
    expect.stringMatching(/^mkosi\.conf:7:8: error: Format=diks: expected .*; did you mean disk\? \[unknown-format\]$/),
    "mkosi.conf:8:1: error: unknown setting Compressoutput=; did you mean CompressOutput=? [unknown-setting]",
    "  'caisson help' lists every setting",
    "mkosi.conf:9:1: error: unknown section [Contnet]; did you mean [Content]? [unknown-section]",
    expect.stringMatching(/^ {2}Sections are \[Include\], /),
    "mkosi.conf:11:1: error: read 'word', expected a line such as Packages=systemd [invalid-syntax]",
  ]);
});

test.each<[name: string, text: string, problems: string[]]>([
  [
    "an old name and a wrong section",
    "[Build]\nQemuMem=2G\n",
    [
      "mkosi.conf:5:1: warning: QemuMem= is deprecated, it is RAM= now [deprecated-name]",
      "mkosi.conf:5:1: warning: QemuMem= belongs in [Runtime], not [Build] [wrong-section]",
    ],
  ],
  [
    "an empty section",
    "[Output]\n# Format=tar\n",
    ["mkosi.conf:4:1: warning: [Output] has no assignment [empty-section]"],
  ],
  [
    "a value that is set again",
    "[Output]\nFormat=disk\n[Output]\nFormat=tar\n",
    ["mkosi.conf:5:1: warning: Format= has no effect, since line 7 sets it again [overridden]"],
  ],
  [
    "a list that is reset",
    "[Content]\nPackages=a\nPackages=\nPackages=b\n",
    ["mkosi.conf:5:1: warning: Packages= has no effect, since line 6 resets it [overridden]"],
  ],
  ["a value that is used before it is set again", "[Output]\nImageId=a\nOutput=%i-x\nImageId=b\n", []],
  [
    "an item that is there twice, on a line of its own",
    "[Content]\nPackages=a\n    b  a\n",
    ["mkosi.conf:6:8: warning: Packages= has a twice [repeated-item]"],
  ],
  ["words of a command line that stand there twice", "[Content]\nKernelCommandLine=quiet quiet\n", []],
  [
    "a profile that is none",
    "[Config]\nProfiles=none\n",
    ["mkosi.conf:5:1: warning: Profiles= has none, but there is no such profile [unknown-profile]"],
  ],
  [
    "what is not built yet",
    "[Build]\nForeignUIDRange=yes\n",
    ["mkosi.conf:5:1: warning: ForeignUIDRange=yes is read, but not built yet [not-built-yet]"],
  ],
  [
    "what is not built yet, and is to be ignored",
    "[Build]\nForeignUIDRange=yes\n[X-Caisson]\nIgnore=ForeignUIDRange\n",
    [],
  ],
  ["a warning that is to be ignored", "[Output]\n[X-Caisson]\nIgnore=empty-section\n", []],
])("finds %s", async (_, text, problems) => {
  expect(await lintText(text)).toEqual(problems);
});

test.each<[name: string, files: Record<string, string>, problems: string[]]>([
  [
    "files whose conditions do not hold",
    { "mkosi.conf.d/f.conf": "[Match]\nDistribution=fedora\n[Output]\nFormat=diks\n[Contnt]\nA=b\n[Content]\nFoo=1\n" },
    ["4:8: error: Format=diks", "5:1: error: unknown section [Contnt]", "8:1: error: unknown setting Foo="],
  ],
  [
    "profiles that are not chosen",
    { "mkosi.profiles/f.conf": "[Content]\nBootable=maybe\n" },
    ["2:10: error: Bootable=maybe: expected yes, no or auto [invalid-value]"],
  ],
  [
    "what is within a folder that is passed over",
    {
      "mkosi.conf.d/x/mkosi.conf": "[Match]\nFormat=tar\n",
      "mkosi.conf.d/x/mkosi.conf.d/f.conf": "[Content]\nBootable=maybe\n",
    },
    ["2:10: error: Bootable=maybe: expected yes, no or auto [invalid-value]"],
  ],
  [
    "images that are passed over, which are images still",
    { "mkosi.images/f/mkosi.conf": "[Match]\nFormat=tar\n[Distribution]\nRelease=sid\n" },
    ["4:1: error: Release= cannot be set for the image f [setting-not-allowed]"],
  ],
  [
    "conditions behind one that does not hold",
    {
      "mkosi.conf.d/f.conf":
        "[Match]\nDistribution=fedora\nBotable=yes\nPackages=a\nFormat=trr\n[Content]\nPackages=a\n",
    },
    [
      "3:1: error: Botable= cannot stand in [Match]; did you mean Bootable=?",
      "4:1: error: Packages= cannot stand in [Match] [not-matchable]",
      "5:8: error: Format=trr: expected",
    ],
  ],
])("looks at %s", async (_, files, problems) => {
  const lines = (await lintText("", files)).filter((line) => !line.startsWith("  "));
  expect(lines).toEqual(problems.map((problem) => expect.stringContaining(`:${problem}`)));
});

test("what a file that is not read here would need is a warning, or none where it asks for the path", async () => {
  const conf = (condition: string) => `[Match]\n${condition}\n[Distribution]\n[Include]\nInclude=nowhere\n`;
  expect(await lintText("", { "mkosi.conf.d/a.conf": conf("Distribution=fedora") })).toEqual([
    "mkosi.conf.d/a.conf:3:1: warning: [Distribution] has no assignment [empty-section]",
    expect.stringMatching(
      /^mkosi\.conf\.d\/a\.conf:5:9: warning: Include= names 'nowhere', but .* \[file-not-found\]$/,
    ),
    "  Create it, or take it out of Include=",
  ]);
  expect(await lintText("", { "mkosi.conf.d/a.conf": conf("PathExists=nowhere") })).toEqual([
    "mkosi.conf.d/a.conf:3:1: warning: [Distribution] has no assignment [empty-section]",
  ]);
});

test("a tree that the build makes is no problem; another that is missing is a warning", async () => {
  const text = "[Output]\nOutputDirectory=out\n[Content]\nExtraTrees=%O/sub:/sub\n    gone:/gone\n";
  expect(await lintText(text)).toEqual([
    expect.stringMatching(/^mkosi\.conf:8:5: warning: ExtraTrees= names 'gone:\/gone', but gone does not exist/),
  ]);
});

test("values of a file that is not read are those that its conditions ask for", async () => {
  const conf = "[Match]\nDistribution=fedora\n[Build]\nSandboxTrees=%d.repo:/a\n";
  const lines = await lintText("", { "mkosi.conf.d/a.conf": conf, "fedora.repo": "" });
  expect(lines).toEqual([]);
});

test("what keeps the whole from being read is a problem like others", async () => {
  const sub = (needs: string) => `[Config]\nDependencies=${needs}\n[Content]\nFoo=1\n`;
  const lines = await lintFiles({
    "mkosi/mkosi.conf": debian,
    "mkosi/mkosi.images/a.conf": sub("b"),
    "mkosi/mkosi.images/b.conf": sub("a"),
    "mkosi/mkosi.profiles/p.conf": "[Content]\nFoo=1\n",
  });
  expect(lines.filter((line) => !line.startsWith("  "))).toEqual([
    "error: Dependencies= of images form a circle: a needs b; b needs a [dependency-cycle]",
    "mkosi/mkosi.images/a.conf:4:1: error: unknown setting Foo= [unknown-setting]",
    "mkosi/mkosi.images/b.conf:4:1: error: unknown setting Foo= [unknown-setting]",
    "mkosi/mkosi.profiles/p.conf:2:1: error: unknown setting Foo= [unknown-setting]",
  ]);
});

test("names files that nobody reads, links that lead nowhere, and scripts that cannot be run", async () => {
  const root = folder({ "mkosi.conf": debian, "mkosi.conf.d/a.cnf": "", "mkosi.build": "#!/bin/sh\n" });
  symlinkSync("gone", `${root}/mkosi.conf.d/b.conf`);
  chmodSync(`${root}/mkosi.build`, 0o644);
  const lines = await lintFolder(root);
  expect(lines.filter((line) => !line.includes("not-built-yet"))).toEqual([
    "mkosi.conf.d/a.cnf: warning: is no configuration file, and is not read [not-read]",
    "  Its name would end in .conf",
    "mkosi.conf.d/b.conf: warning: points to nothing [dangling-link]",
    "mkosi.build: error: BuildScripts= names mkosi.build, which is not executable [not-executable]",
    "  chmod +x mkosi.build",
  ]);
  chmodSync(`${root}/mkosi.build`, 0o755);
  expect((await lintFolder(root)).join()).not.toContain("not-executable");
});

test("a file that is no text is named, whether or not it is read", async () => {
  const files = { "mkosi.conf.d/a.conf": "\0", "mkosi.profiles/p.conf": "\0" };
  expect(await lintText("", files)).toEqual([
    "mkosi.conf.d/a.conf: error: is not a text file: it has NUL bytes [not-text]",
    "mkosi.profiles/p.conf: error: is not a text file: it has NUL bytes [not-text]",
  ]);
});

test("a specifier that stands for nothing is found within its value", async () => {
  expect(await lintText("[Content]\nHostname=a%v\n")).toEqual([
    "mkosi.conf:5:11: warning: '%v' has no value and is left out [specifier-without-value]",
  ]);
});

test("only the files asked for, also those that the project does not know", async () => {
  const bad = "[Content]\nFoo=1\n";
  const root = folder({ "mkosi.conf": debian + bad, "mkosi.conf.d/a.conf": bad, "other.conf": bad });
  const problem = (file: string) => `${file}: error: unknown setting Foo= [unknown-setting]`;
  const find = async (...only: string[]) => (await lintFolder(root, [], only)).filter((line) => !line.startsWith("  "));
  expect(await find("mkosi.conf.d")).toEqual([problem("mkosi.conf.d/a.conf:2:1")]);
  expect(await find("other.conf", "mkosi.conf")).toEqual([problem("mkosi.conf:5:1"), problem("other.conf:2:1")]);
});

test("an editor's newer text counts", async () => {
  const root = folder({ "mkosi.conf": debian });
  const file = `${root}/mkosi.conf`;
  const files = { ...machineFiles, read: (path: string) => (path === file ? "[Foo]\n" : machineFiles.read(path)) };
  const problems = await lintProject({ directory: root, arguments: [], environment: {}, files });
  expect(problems.map(({ code }) => code)).toEqual(["unknown-section", "empty-section"]);
});

test("a problem of an option has the option for its place", async () => {
  const lines = await lintFiles({ "mkosi.conf": debian }, given(["ForeignUIDRange", "yes"]));
  expect(lines).toEqual([
    "--foreignuidrange=yes: warning: ForeignUIDRange= is read, but not built yet [not-built-yet]",
  ]);
});

test("a folder that is not there is an error of the command line", async () => {
  const options = { directory: "/nowhere/at/all", arguments: [], environment: {} };
  await expect(lintProject(options)).rejects.toMatchObject({ code: "directory-not-found", exitCode: 2 });
});
