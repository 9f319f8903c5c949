import { join } from "node:path";
import { expect, test } from "vitest";
import { imageJson } from "../../../src/config/json.ts";
import { cleanPlan } from "../../../src/plan/clean.ts";
import { makePlan } from "../../../src/plan/index.ts";
import type { ScriptOptions } from "../../../src/plan/script-environment.ts";
import { loadText } from "../config/folder.ts";

const scripting: ScriptOptions = {
  caller: { uid: 7, gid: 8 },
  debug: false,
  arguments: ["--fast"],
  environment: {},
  read: () => "FROM=file\n",
  shown: (path) => path.slice(path.lastIndexOf("/") + 1),
};
const options = { toolsKey: "tools", build: "b1", force: 0, explain: false, defaultModules: () => [], scripting };
const conf =
  "[Output]\nOutputDirectory=out\n[Build]\nBuildDirectory=kept\nEnvironmentFiles=e\n[Content]\nBuildPackages=gcc\n";
const files = {
  e: "",
  "kept/": "",
  "out/": "",
  "src/": "",
  "mkosi.build.chroot": "",
  "mkosi.postinst.d/1": "",
  "mkosi.postinst.d/2.chroot": "",
  "mkosi.clean": "",
};

test("an image without scripts sees nothing of the user's folders", async () => {
  const { plan, mounts } = makePlan(await loadText("[Build]\nBuildSources=src\n", { "src/": "" }), options);
  expect(plan.images.at(-1)).not.toHaveProperty("scripts");
  expect(mounts).toEqual([]);
});

test("scripts, what they see and where they may write", async () => {
  const project = await loadText(conf, files);
  const { plan, mounts } = makePlan(project, options);
  expect(plan.images.at(-1)?.environment).toEqual({ FROM: "file" });
  expect(plan.images.at(-1)?.scripts).toEqual({
    scripts: {
      sync: [],
      prepare: [],
      build: [{ source: "main-build-1", file: "mkosi.build.chroot", inImage: true }],
      postinst: [
        { source: "main-postinst-1", file: "1", inImage: false },
        { source: "main-postinst-2", file: "2.chroot", inImage: true },
      ],
      finalize: [],
      postoutput: [],
      clean: [{ source: "main-clean-1", file: "mkosi.clean", inImage: false }],
    },
    arguments: ["--fast"],
    environment: expect.objectContaining({ MKOSI_UID: "7", MKOSI_GID: "8", FROM: "file", RELEASE: "trixie" }),
    settings: imageJson(project.main),
    buildPackages: ["gcc"],
    buildSources: [
      {
        source: "main-source-1",
        target: "/",
        ignored: expect.arrayContaining([".mkosi-private", "kept", "out", "out/image", "out/image.raw"]),
        outputs: "out",
      },
    ],
    buildSourcesEphemeral: "no",
    buildDirectory: { writable: "main-builddir-1" },
    withNetwork: false,
    withTests: true,
  });
  const at = (name: string) => mounts.find((mount) => mount.name === name);
  expect(at("main-source-1")).toEqual({ name: "main-source-1", hostPath: project.directory, writable: true });
  expect(at("main-builddir-1")).toEqual({
    name: "main-builddir-1",
    hostPath: join(project.directory, "kept/debian~trixie~x86-64"),
    writable: true,
  });
  expect(at("main-build-1")).toEqual({ name: "main-build-1", hostPath: join(project.directory, "mkosi.build.chroot") });
});

test.each([
  ["mkosi.build", undefined],
  ["mkosi.sync", true],
])("with the ephemeral sources of %s", async (name, writable) => {
  const { mounts } = makePlan(await loadText("[Build]\nBuildSourcesEphemeral=yes\n", { [name]: "" }), options);
  expect(mounts.find((mount) => mount.name === "main-source-1")?.writable).toBe(writable);
});

test("clean scripts, and build directories where they are to be emptied", async () => {
  const project = await loadText(conf, files);
  const asked = { what: "work", scripting, exists: () => true } as const;
  const { plan, mounts } = cleanPlan(project, { ...asked, wipeBuildDirectories: true });
  expect(plan.scripts).toMatchObject([
    { name: "main", scripts: [{ source: "main-clean-1", file: "mkosi.clean", inImage: false }] },
  ]);
  expect(plan.buildDirectories).toEqual([{ writable: "builddir-1" }]);
  expect(mounts.map(({ name }) => name)).toEqual(["main-source-1", "main-clean-1", "builddir-1"]);
  expect(cleanPlan(project, { ...asked, wipeBuildDirectories: false }).plan.buildDirectories).toEqual([]);
});
