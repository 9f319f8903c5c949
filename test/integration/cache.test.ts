/** What a change makes a build do again, and what not: the keys of layers and outputs hold all that they were made of, and no more. */
import { chmod, cp, mkdtemp, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addFiles, project, remove, succeed } from "../support/caisson.ts";

const files = {
  "mkosi.conf": [
    "[Distribution]\nDistribution=debian\nRelease=trixie",
    "[Output]\nFormat=tar\nCompressOutput=no",
    "[Content]\nBootable=no\nPackages=netbase\nEnvironment=GREETING=hello\n",
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
  await restore();
  await layers([]);
});
afterAll(async () => {
  await remove(folder);
  await remove(original);
});

async function restore(): Promise<void> {
  for (const name of Object.keys(files)) await rm(join(folder, name), { force: true });
  await cp(original, folder, { recursive: true, preserveTimestamps: true });
}

/** Every layer of the image in order: true for one that was there. */
async function layers(args: string[]): Promise<[string, boolean][]> {
  const { events } = await succeed(folder, [...args, "-f", "build"]);
  const found = events.filter((event) => event.type === "layer" && event.image === "main");
  return found.map((event) => (event.type === "layer" ? [event.layer, event.cached] : ["", false]));
}

interface Row {
  change: string;
  args?: string[];
  edit?: () => Promise<unknown>;
  /** The first layer that is made again; all that stand on it are as well. */
  from: string | undefined;
}

const write = (name: string, text: string) => () => addFiles(folder, { [name]: text });
const append = (name: keyof typeof files, text: string) => () => writeFile(join(folder, name), `${files[name]}${text}`);

const rows: Row[] = [
  { change: "nothing", from: undefined },
  { change: "the time of a file", edit: () => utimes(join(folder, "mkosi.extra/etc/motd"), 1, 1), from: undefined },
  { change: "verbose output", args: ["--debug"], from: undefined },
  { change: "a file that nothing reads", edit: write("notes", "notes\n"), from: "build" },

  { change: "a skeleton's file", edit: write("mkosi.skeleton/etc/skeleton", "other\n"), from: "base" },
  { change: "Environment=", args: ["--environment=GREETING=bye"], from: "base" },
  { change: "SourceDateEpoch=", args: ["--source-date-epoch=1000000000"], from: "base" },
  { change: "WithDocs=", args: ["--with-docs=no"], from: "base" },
  { change: "MachineId=", args: ["--machine-id=0123456789abcdef0123456789abcdef"], from: "base" },

  { change: "Packages=", args: ["--package=ucf"], from: "packages" },
  { change: "WithRecommends=", args: ["--with-recommends"], from: "packages" },

  { change: "a byte of a prepare script", edit: append("mkosi.prepare", "#\n"), from: "prepare" },

  { change: "a byte of a build script", edit: append("mkosi.build", "#\n"), from: "build" },
  { change: "a source", edit: write("src/program", "other\n"), from: "build" },
  { change: "WithTests=", args: ["--with-tests=no"], from: "build" },

  { change: "a byte of an extra file", edit: write("mkosi.extra/etc/motd", "extrb\n"), from: "user-files" },
  {
    change: "an extra file's mode",
    edit: () => chmod(join(folder, "mkosi.extra/etc/motd"), 0o600),
    from: "user-files",
  },
  {
    change: "an extra file's name",
    edit: () => rename(join(folder, "mkosi.extra/etc/motd"), join(folder, "mkosi.extra/etc/issue")),
    from: "user-files",
  },
  { change: "another extra file", edit: write("mkosi.extra/etc/more", ""), from: "user-files" },

  { change: "a byte of a postinst script", edit: append("mkosi.postinst", "#\n"), from: "postinst" },

  { change: "Hostname=", args: ["--hostname=other"], from: "system" },
  { change: "Timezone=", args: ["--timezone=Europe/Vienna"], from: "system" },
  { change: "RootPassword=", args: ["--root-password=secret"], from: "system" },
  { change: "Autologin=", args: ["--autologin=yes"], from: "system" },
  { change: "RemoveFiles=", args: ["--remove-files=/etc/motd"], from: "system" },
  { change: "RemovePackages=", args: ["--remove-package=netbase"], from: "system" },
  { change: "CleanPackageMetadata=", args: ["--clean-package-metadata=yes"], from: "system" },

  { change: "a byte of a finalize script", edit: append("mkosi.finalize", "#\n"), from: "finalize" },

  { change: "a byte of a post-output script", edit: append("mkosi.postoutput", "#\n"), from: "output" },
  { change: "CompressOutput=", args: ["--compress-output=zstd"], from: "output" },
  { change: "Seed=", args: ["--seed=11111111-2222-3333-4444-555555555555"], from: "output" },
  { change: "KernelCommandLine=", args: ["--kernel-command-line=quiet"], from: "output" },
  { change: "OutputMode=", args: ["--output-mode=600"], from: "output" },
  { change: "Checksum=", args: ["--checksum"], from: "output" },
  { change: "ManifestFormat=", args: ["--manifest-format=json"], from: "output" },
];

test.each(rows)("$change: from $from on", async ({ args = [], edit, from }) => {
  await restore();
  // Where nothing is to be made again, what lies in the folder has to be what was made last.
  if (from === undefined) await layers([]);
  await edit?.();
  const made = await layers(args);
  const first = made.findIndex(([name]) => name === from);
  const expected = made.map(([name], index) => [name, from === undefined || index < first]);
  expect(from === undefined || first >= 0, `there is no layer ${from}`).toBe(true);
  expect(made).toEqual(expected);
});
