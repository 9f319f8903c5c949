import { expect, test } from "vitest";
import { PROTOCOL_VERSION, SRCDIR } from "../../../sandbox/protocol.ts";
import { imageJson } from "../../../src/config/json.ts";
import { configurable } from "../../../src/plan/configurable.ts";
import { configurePlan } from "../../../src/plan/configure.ts";
import type { ScriptOptions } from "../../../src/plan/script-environment.ts";
import { type Loaded, loadText } from "../config/folder.ts";

const options: ScriptOptions = {
  caller: { uid: 1000, gid: 100 },
  debug: false,
  arguments: [],
  environment: { FROM_OUTSIDE: "seen" },
  read: () => "",
  shown: (path) => path.slice(path.lastIndexOf("/") + 1),
};

const scripts = { "mkosi.configure": "", "second.sh": "" };
const basic = {
  DISTRIBUTION: "debian",
  RELEASE: "trixie",
  ARCHITECTURE: "x86-64",
  QEMU_ARCHITECTURE: "x86_64",
  DISTRIBUTION_ARCHITECTURE: "amd64",
  EFI_ARCHITECTURE: "x64",
  SRCDIR,
  MKOSI_UID: "1000",
  MKOSI_GID: "100",
  MKOSI_DEBUG: "0",
};

const environmentOf = (project: Loaded, more: Partial<ScriptOptions> = {}) =>
  configurePlan(project, { ...options, ...more }).plan.images.at(-1)?.environment;

test("images with scripts are planned, in their order, with all that they have", async () => {
  const text = "[Config]\nConfigureScripts=second.sh\n[Build]\nBuildSources=src:a\n";
  const project = await loadText(text, {
    ...scripts,
    "src/": "",
    "mkosi.images/one.conf": "",
    "mkosi.images/two/mkosi.configure": "",
  });
  const { directory, main, images } = project;
  expect(configurable(project)).toEqual(["two", "main"]);
  const { plan, mounts } = configurePlan(project, options);
  const two = images.find(({ image }) => image === "two");
  if (two === undefined) throw new Error("no image two");
  expect(plan).toEqual({
    version: PROTOCOL_VERSION,
    kind: "configure",
    images: [
      {
        name: "two",
        settings: imageJson(two),
        environment: { ...basic, SUBIMAGE: "two" },
        sources: [{ source: "two-source-1", target: "a" }],
        scripts: [{ source: "two-configure-1", file: "mkosi.configure" }],
      },
      {
        name: "main",
        settings: imageJson(main),
        environment: basic,
        sources: [{ source: "main-source-1", target: "a" }],
        scripts: [
          { source: "main-configure-1", file: "mkosi.configure" },
          { source: "main-configure-2", file: "second.sh" },
        ],
      },
    ],
  });
  expect(mounts).toEqual([
    { name: "two-source-1", hostPath: `${directory}/src` },
    { name: "two-configure-1", hostPath: `${directory}/mkosi.images/two/mkosi.configure` },
    { name: "main-source-1", hostPath: `${directory}/src` },
    { name: "main-configure-1", hostPath: `${directory}/mkosi.configure` },
    { name: "main-configure-2", hostPath: `${directory}/second.sh` },
  ]);
});

test.each<[text: string, more: Record<string, string>]>([
  ["[Config]\nProfiles=a,b\n", { PROFILES: "a b" }],
  ["[Output]\nImageId=i\nImageVersion=7\n", { IMAGE_ID: "i", IMAGE_VERSION: "7" }],
  ["[Content]\nSourceDateEpoch=5\n", { SOURCE_DATE_EPOCH: "5" }],
  [
    "[Build]\nProxyUrl=http://p\nProxyExclude=a,b\n",
    {
      http_proxy: "http://p",
      https_proxy: "http://p",
      HTTP_PROXY: "http://p",
      HTTPS_PROXY: "http://p",
      no_proxy: "a,b",
      NO_PROXY: "a,b",
    },
  ],
  ["[Build]\nEnvironment=RELEASE=mine\n", { RELEASE: "mine" }],
])("%j", async (text, more) => {
  expect(environmentOf(await loadText(text, scripts))).toEqual({ ...basic, ...more });
});

test("Environment= is over EnvironmentFiles=, where a name alone comes from outside", async () => {
  const text = "[Build]\nEnvironment=A=strong\nEnvironmentFiles=e\n";
  const project = await loadText(text, { ...scripts, e: "" });
  const read = (path: string) =>
    path === `${project.directory}/e` ? "A=weak\n\n B = c=d \nFROM_OUTSIDE\nOTHER\n" : "";
  const more = { A: "strong", B: "c=d", FROM_OUTSIDE: "seen", OTHER: "" };
  expect(environmentOf(project, { read })).toEqual({ ...basic, ...more });
});

test("architectures without QEMU or UEFI, and --debug", async () => {
  const project = await loadText("Architecture=s390\n", scripts);
  const { QEMU_ARCHITECTURE: _, EFI_ARCHITECTURE: __, ...rest } = basic;
  const expected = { ...rest, ARCHITECTURE: "s390", DISTRIBUTION_ARCHITECTURE: "s390", MKOSI_DEBUG: "1" };
  expect(environmentOf(project, { debug: true })).toEqual(expected);
});
