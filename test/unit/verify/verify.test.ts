import { mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { emptyReport } from "../../../src/diff/report.ts";
import { openProject } from "../../../src/verbs/project.ts";
import { copyProject, isBelow, openCopy } from "../../../src/verify/copy-project.ts";
import { pairOutputs } from "../../../src/verify/outputs.ts";
import { isAbandoned, placeFolder } from "../../../src/verify/place.ts";
import { verificationData, verificationText } from "../../../src/verify/text.ts";
import { elsewhere, inOtherProcess, surroundings } from "../../../src/verify/variations.ts";
import { verbContext } from "../verbs/context.ts";

function folder(files: Record<string, string> = {}): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "caisson-verify-test-")));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

const variations = [
  { name: "umask", first: "0022", second: "0077" },
  { name: "engine's storage", first: "overlay at /s", reason: "docker has one storage" },
];

test("text: what was varied, what could not be, and each output", () => {
  const report = emptyReport("the first build", "the second build");
  report.add({ place: [{ kind: "file", name: "b" }], kind: "content", what: "content", offset: 3, a: "1", b: "2" });
  const outputs = [
    { file: "a", size: "1.0 KiB", same: true },
    { file: "b", size: "folder", same: false },
  ];
  expect(verificationText({ variations, outputs, report })).toBe(`Built twice, the second time with another
  umask             0022 -> 0077
  engine's storage  overlay at /s, in both: docker has one storage

the same   a (1.0 KiB)
DIFFERENT  b (folder)

the first build and the second build differ: 1 difference

b
    content, from byte 3: 1 -> 2
`);
  expect(verificationData({ variations, outputs, report })).toEqual({
    reproducible: false,
    variations,
    outputs,
    total: 1,
    differences: report.differences,
  });
});

test("the second build sees another user in another folder, and leaves this process as it was", async () => {
  const context = verbContext("verify");
  const there = elsewhere(context, "/copy", false);
  expect(there.line.directory).toBe("/copy");
  expect(there.environment).toMatchObject({
    HOME: "/nonexistent/verifier",
    USER: "verifier",
    TZ: "Pacific/Kiritimati",
  });
  const [umask, zone] = [process.umask(), process.env.TZ];
  const inside = await inOtherProcess(async () => [
    process.umask(),
    process.env.TZ,
    new Date("2020-01-01T00:00:00Z").getHours(),
  ]);
  expect(inside).toEqual([0o077, "Pacific/Kiritimati", 14]);
  expect([process.umask(), process.env.TZ]).toEqual([umask, zone]);
  await expect(inOtherProcess(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect([process.umask(), process.env.TZ]).toEqual([umask, zone]);
});

test("the worker's surroundings", () => {
  expect(surroundings("v")).toMatchObject({ volume: "v", hostname: "elsewhere", umask: "77" });
});

test("a project is copied without what was built in it", async () => {
  const root = folder({
    "mkosi.conf": "[Distribution]\nDistribution=debian\nRelease=trixie\n[Output]\nFormat=tar\nCompressOutput=no\n",
    "mkosi.extra/etc/motd": "x",
    "mkosi.cache/big": "x",
    "image.tar": "x",
    image: "x",
  });
  symlinkSync("../outside", join(root, "link"));
  const target = join(folder(), "copy");
  await copyProject(await openProject(verbContext("-C", root, "verify")), target);
  expect(readdirSync(target).sort()).toEqual(["link", "mkosi.conf", "mkosi.extra"]);
});

test("an output directory inside the project is not copied", async () => {
  const configuration = "[Distribution]\nDistribution=debian\nRelease=trixie\n[Output]\nOutputDirectory=out\n";
  const root = folder({ "mkosi.conf": configuration, "out/other": "x" });
  const target = join(folder(), "copy");
  await copyProject(await openProject(verbContext("-C", root, "verify")), target);
  expect(readdirSync(target)).toEqual(["mkosi.conf"]);
});

test("a project that uses what lies beside its folder is read from there", async () => {
  const configuration = "[Distribution]\nDistribution=debian\nRelease=trixie\n[Content]\nExtraTrees=../beside\n";
  const root = folder({ "project/mkosi.conf": configuration, "beside/x": "x" });
  const directory = join(root, "project");
  const target = join(folder(), "copy");
  const opened = await openProject(verbContext("-C", directory, "verify"));
  const { project, variation } = await openCopy(opened, target, (path) => verbContext("-C", path, "verify"));
  expect(project.config.directory).toBe(directory);
  expect(variation).toMatchObject({
    name: "project's folder",
    first: directory,
    reason: expect.stringContaining("beside"),
  });
});

test("any other project is read from its copy", async () => {
  const directory = folder({ "mkosi.conf": "[Distribution]\nDistribution=debian\nRelease=trixie\n" });
  const target = join(folder(), "copy");
  const opened = await openProject(verbContext("-C", directory, "verify"));
  const { project, variation } = await openCopy(opened, target, (path) => verbContext("-C", path, "verify"));
  expect(project.config.directory).toBe(target);
  expect(variation).toEqual({ name: "project's folder", first: directory, second: target });
});

test("outputs in pairs: what one alone has, links, files", async () => {
  const [a, b] = [folder({ same: "1", gone: "1" }), folder({ same: "22", come: "1" })];
  symlinkSync("same", join(a, "link"));
  symlinkSync("come", join(b, "link"));
  const { pairs, differences } = await pairOutputs(a, b);
  expect(pairs).toEqual([{ name: "same", a: join(a, "same"), b: join(b, "same"), size: "1 B" }]);
  expect(differences).toEqual([
    { place: [{ kind: "file", name: "come" }], kind: "only", what: "output", b: "there" },
    { place: [{ kind: "file", name: "gone" }], kind: "only", what: "output", a: "there" },
    { place: [{ kind: "file", name: "link" }], kind: "attribute", what: "target", a: "same", b: "come" },
  ]);
});

test("a place of a process that lives is nobody else's to remove", () => {
  expect(isAbandoned(`caisson-verify-${process.pid}-abc`)).toBe(false);
  expect(isAbandoned("caisson-verify-4194999-abc")).toBe(true);
  expect(isAbandoned("caisson-store")).toBe(false);
});

test("where a place is made", () => {
  expect(placeFolder({ environment: {}, platform: "linux" })).toBe("/var/tmp");
  expect(placeFolder({ environment: { TMPDIR: "/t" }, platform: "linux" })).toBe("/t");
});

test.each([
  ["/a", "/a/b", true],
  ["/a", "/a", false],
  ["/a", "/ab", false],
])("%s holds %s: %s", (outer, inner, expected) => {
  expect(isBelow(outer, inner)).toBe(expected);
});
