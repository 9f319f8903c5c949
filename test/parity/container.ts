import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { project, succeed } from "../support/caisson.ts";
import type { Reference } from "./reference.mjs";

/** Debian's package of the reference, in a container that Caisson has built the tree of. */
export interface ReferenceContainer {
  /** As it says it: `mkosi 27.1`. */
  version: string;
  run: Reference;
  remove(): Promise<void>;
}

/** `sid` has the newest one. Nothing of it is needed but what reads configuration. */
const configuration = `
[Distribution]
Distribution=debian
Release=sid
[Output]
Format=tar
CompressOutput=no
[Content]
Bootable=no
WithDocs=no
CleanPackageMetadata=no
Packages=mkosi
`;

/** Builds, imports and starts it; folders of temporary files are at the same place in it. */
export async function startReference(): Promise<ReferenceContainer> {
  const image = await importTree();
  const folder = tmpdir();
  const options = ["--detach", "--network=none", "--stop-timeout=0", `--volume=${folder}:${folder}`];
  const { stdout: id } = await execa("podman", ["run", ...options, image, "sleep", "infinity"]);
  const { stdout: version } = await execa("podman", ["exec", id, "mkosi", "--version"]);
  return {
    version,
    run: (words, directory, environment) => {
      const variables = Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`);
      return ["podman", "exec", `--workdir=${directory}`, ...variables, id, "mkosi", ...words];
    },
    remove: async () => {
      await execa("podman", ["rm", "--force", "--volumes", id]);
      await execa("podman", ["rmi", "--force", image]);
    },
  };
}

async function importTree(): Promise<string> {
  const folder = await project({ "mkosi.conf": configuration });
  await succeed(folder, ["build"]);
  const { stdout } = await execa("podman", ["import", "--quiet", join(folder, "image.tar")]);
  await rm(folder, { recursive: true });
  return stdout.trim();
}

/** Why this machine cannot do it; undefined where it can. */
export async function missingForReference(): Promise<string | undefined> {
  const { failed } = await execa("podman", ["--version"], { reject: false });
  if (failed) return "podman is not installed: test/host/prepare installs it";
  const architecture = process.arch;
  return architecture === "x64" ? undefined : `the expectations are for x86-64, and this machine is ${architecture}`;
}
