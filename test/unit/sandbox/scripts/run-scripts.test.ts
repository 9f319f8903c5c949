import { expect, test } from "vitest";
import { SRCDIR, WORK_PATH } from "../../../../sandbox/protocol.ts";
import { type ScriptRun, scriptOptions, usesNetwork } from "../../../../sandbox/scripts/run-scripts.ts";
import { sourceBinds } from "../../../../sandbox/scripts/sources.ts";

const script = { source: "main-postinst-1", file: "mkosi.postinst", inImage: false };
const asked: ScriptRun = {
  kind: "postinst",
  scripts: [script],
  view: {
    environment: { RELEASE: "trixie" },
    settings: {},
    buildSources: [],
    buildDirectory: { writable: "main-builddir-1" },
  },
  flags: { withDocs: false, withTests: false, withNetwork: false },
  root: "/store/root",
  beside: { out: "/store/out" },
};
const mounts = {
  folder: "/store/scripts",
  sources: [{ source: "/caisson/sources/main-source-1", target: SRCDIR, readOnly: false }],
  commands: { path: "/scripts", binds: [{ source: "/store/commands", target: "/scripts", readOnly: true }] },
};

test("a script sees itself, the configuration, its folders, our commands and the sources", () => {
  const options = scriptOptions(asked, script, mounts);
  expect(options).toMatchObject({
    root: "/store/root",
    chroot: false,
    network: false,
    workingDirectory: SRCDIR,
    scratch: "/store/scripts/tmp",
    binds: [
      { source: "/caisson/sources/main-postinst-1", target: `${WORK_PATH}/postinst`, readOnly: true },
      { source: "/store/scripts/config.json", target: `${WORK_PATH}/config.json`, readOnly: true },
      { source: "/store/out", target: `${WORK_PATH}/out` },
      { source: "/caisson/sources/main-builddir-1", target: `${WORK_PATH}/build`, readOnly: true },
      { source: "/store/commands", target: "/scripts", readOnly: true },
      { source: "/caisson/sources/main-source-1", target: SRCDIR, readOnly: false },
    ],
  });
  // Where it has no folder of its own for them, it finds them empty.
  expect(options.folders).toEqual([SRCDIR, `${WORK_PATH}/artifacts`, `${WORK_PATH}/packages`]);
  expect(options.environment).toMatchObject({
    PATH: "/scripts:/usr/bin:/usr/sbin:/usr/local/bin",
    BUILDROOT: "/buildroot",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
  });
});

test("in the image it has the image's programs, and not our commands", () => {
  const options = scriptOptions(asked, { ...script, inImage: true }, mounts);
  expect(options.chroot).toBe(true);
  expect(options.binds?.map(({ target }) => target)).not.toContain("/scripts");
  expect(options.environment).toMatchObject({ PATH: "/usr/bin:/usr/sbin", container: "mkosi", BUILDROOT: "/" });
});

test.each([
  ["sync", false, true],
  ["prepare", false, true],
  ["build", false, false],
  ["build", true, true],
  ["finalize", true, true],
  ["postoutput", true, false],
] as const)("the network of %s scripts, WithNetwork= %s", (kind, withNetwork, network) => {
  expect(usesNetwork({ kind, flags: { withDocs: true, withTests: true, withNetwork } })).toBe(network);
});

test("outer sources are mounted before those that lie in them", () => {
  const sources = [
    { source: "b", target: "sub/folder" },
    { source: "a", target: "/" },
  ];
  expect(sourceBinds(sources, true)).toEqual([
    { source: "/caisson/sources/a", target: SRCDIR, readOnly: true },
    { source: "/caisson/sources/b", target: `${SRCDIR}/sub/folder`, readOnly: true },
  ]);
});
