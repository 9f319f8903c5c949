/** What a change makes a build do again, and what not: the keys of layers and outputs hold all that they were made of, and no more. */
import { chmod, cp, mkdtemp, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addFiles, type Options, project, remove, succeed } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { otherTools } from "../support/other-tools.ts";
import { makePackage } from "../support/package.ts";

const files = {
  "mkosi.conf": [
    "[Distribution]\nDistribution=debian\nRelease=trixie",
    "[Build]\nBuildSources=src:src",
    "[Output]\nFormat=tar\nCompressOutput=no",
    "[Content]\nBootable=no\nPackages=netbase\n  mine\nEnvironment=GREETING=hello\n",
  ].join("\n"),
  "mkosi.skeleton/etc/skeleton": "skeleton\n",
  "mkosi.extra/etc/motd": "extra\n",
  "mkosi.prepare": '#!/bin/sh\necho "$1" > "$BUILDROOT/etc/prepared"\n',
  "mkosi.build": '#!/bin/sh\nmkdir -p "$DESTDIR/etc" && cp "$SRCDIR/src/program" "$DESTDIR/etc/program"\n',
  "mkosi.postinst": '#!/bin/sh\necho postinst > "$BUILDROOT/etc/postinst"\n',
  "mkosi.finalize": '#!/bin/sh\necho finalize > "$BUILDROOT/etc/finalized"\n',
  "mkosi.postoutput": '#!/bin/sh\necho beside > "$OUTPUTDIR/beside"\n',
  "src/program": "program\n",
};
const scripts = ["prepare", "build", "postinst", "finalize", "postoutput"].map((kind) => `mkosi.${kind}`);

let original: string;
let folder: string;
beforeAll(async () => {
  original = await project(files);
  for (const script of scripts) await chmod(join(original, script), 0o755);
  folder = await mkdtemp(join(tmpdir(), "caisson-cache-"));
  await makePackage(join(original, "mkosi.packages/mine_1.deb"), "mine", "1");
  await restore();
  await layers([]);
});
afterAll(async () => {
  await remove(folder);
  await remove(original);
});

async function restore(): Promise<void> {
  for (const name of ["mkosi.extra", "mkosi.packages", "mkosi.sandbox", "notes", ...scripts])
    await rm(join(folder, name), { recursive: true, force: true });
  await cp(original, folder, { recursive: true, preserveTimestamps: true });
}

/** Every layer of the image in order: true for one that was there. */
async function layers(args: string[], options?: Options): Promise<[string, boolean][]> {
  const { events } = await succeed(folder, [...args, "-f", "build"], options);
  const found = events.filter((event) => event.type === "layer" && event.image === "main");
  return found.map((event) => (event.type === "layer" ? [event.layer, event.cached] : ["", false]));
}

/** In their order. */
const all = [
  ...["base", "packages", "prepare", "build-prepare", "build"],
  ...["files", "postinst", "system", "finalize", "output"],
] as const;
type Layer = (typeof all)[number];

const from = (first: Layer): readonly Layer[] => all.slice(all.indexOf(first));
/** Scripts can read the whole configuration. What they make of it is the same, and so is what stands on it. */
const scripted: readonly Layer[] = ["prepare", "build-prepare", "build", "postinst", "finalize"];
const andScripts = (...others: Layer[]) => all.filter((name) => scripted.includes(name) || others.includes(name));

interface Row {
  change: string;
  args?: string[];
  edit?: () => Promise<unknown>;
  /** What is made again. */
  again: readonly Layer[];
}

const motd = () => join(folder, "mkosi.extra/etc/motd");
const write = (name: string, text: string) => () => addFiles(folder, { [name]: text });
const append = (name: keyof typeof files) => () => writeFile(join(folder, name), `${files[name]}#\n`);

async function newerPackage(): Promise<void> {
  await rm(join(folder, "mkosi.packages/mine_1.deb"));
  await makePackage(join(folder, "mkosi.packages/mine_2.deb"), "mine", "2");
}

const rows: Row[] = [
  { change: "nothing", again: [] },
  { change: "the time of a file", edit: () => utimes(motd(), 1, 1), again: [] },
  { change: "a file that nothing reads", edit: write("notes", "notes\n"), again: [] },
  {
    change: "--debug, which scripts are told, also those after the output",
    args: ["--debug"],
    again: andScripts("output"),
  },

  { change: "a skeleton's file", edit: write("mkosi.skeleton/etc/skeleton", "other\n"), again: all },
  { change: "Environment=", args: ["--environment=GREETING=bye"], again: all },
  { change: "SourceDateEpoch=", args: ["--source-date-epoch=1000000000"], again: all },
  { change: "WithDocs=", args: ["--with-docs=no"], again: all },
  { change: "MachineId=", args: ["--machine-id=0123456789abcdef0123456789abcdef"], again: all },

  { change: "a file that tools see", edit: write("mkosi.sandbox/etc/vconsole.conf", "KEYMAP=de\n"), again: all },
  { change: "a package's version", edit: newerPackage, again: from("packages") },
  { change: "Packages=", args: ["--package=ucf"], again: from("packages") },

  { change: "a byte of a prepare script", edit: append("mkosi.prepare"), again: ["prepare", "build-prepare"] },
  {
    change: "a prepare script's mode",
    edit: () => chmod(join(folder, "mkosi.prepare"), 0o700),
    again: ["prepare", "build-prepare"],
  },
  { change: "a byte of a build script", edit: append("mkosi.build"), again: ["build"] },
  { change: "a byte of a source", edit: write("src/program", "other\n"), again: from("prepare") },
  { change: "WithTests=", args: ["--with-tests=no"], again: andScripts("output") },
  { change: "a byte of a postinst script", edit: append("mkosi.postinst"), again: ["postinst"] },
  { change: "a byte of a finalize script", edit: append("mkosi.finalize"), again: ["finalize"] },
  { change: "a byte of a post-output script", edit: append("mkosi.postoutput"), again: ["output"] },

  { change: "a byte of an extra file", edit: write("mkosi.extra/etc/motd", "extrb\n"), again: from("files") },
  { change: "an extra file's mode", edit: () => chmod(motd(), 0o600), again: from("files") },
  {
    change: "an extra file's name",
    edit: () => rename(motd(), join(folder, "mkosi.extra/etc/issue.d")),
    again: from("files"),
  },
  { change: "one more extra file", edit: write("mkosi.extra/etc/more", ""), again: from("files") },

  { change: "Hostname=", args: ["--hostname=other"], again: andScripts("system", "output") },
  { change: "Timezone=", args: ["--timezone=Europe/Vienna"], again: andScripts("system", "output") },
  { change: "RootPassword=", args: ["--root-password=secret"], again: andScripts("system", "output") },
  { change: "Autologin=", args: ["--autologin=yes"], again: andScripts("system", "output") },
  { change: "RemoveFiles=", args: ["--remove-files=/etc/motd"], again: andScripts("system", "output") },
  { change: "RemovePackages=", args: ["--remove-package=netbase"], again: andScripts("system", "output") },
  { change: "CleanPackageMetadata=", args: ["--clean-package-metadata=yes"], again: andScripts("system", "output") },

  { change: "CompressOutput=", args: ["--compress-output=zstd"], again: andScripts("output") },
  { change: "Seed=", args: ["--seed=11111111-2222-4333-8444-555555555555"], again: andScripts("output") },
  { change: "KernelCommandLine=", args: ["--kernel-command-line=quiet"], again: andScripts("output") },
  { change: "OutputMode=", args: ["--output-mode=600"], again: andScripts("output") },
  { change: "Checksum=", args: ["--checksum=yes"], again: andScripts("output") },
  { change: "ManifestFormat=", args: ["--manifest-format=json"], again: andScripts("output") },
];

const made = (layers: [string, boolean][]) => layers.flatMap(([name, cached]) => (cached ? [] : [name]));

test.each(rows)("$change", async ({ args = [], edit, again }) => {
  await restore();
  // What lies in the folder has to be what was made last of what nothing was changed in.
  if (!again.includes("output")) await layers([]);
  await edit?.();
  const built = await layers(args);
  expect(built.map(([name]) => name)).toEqual(all);
  expect(made(built)).toEqual(again);
});

test("a tool's version", async () => {
  await restore();
  const installation = await mkdtemp(join(tmpdir(), "caisson-other-tools-"));
  await withEngine(async (engine) => {
    const { cli, image } = await otherTools(engine, installation);
    try {
      expect(made(await layers([], { program: cli }))).toEqual(all);
    } finally {
      await engine.removeImage(image);
      await remove(installation);
    }
  });
});
