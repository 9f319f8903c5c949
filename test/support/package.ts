import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { addFiles } from "./caisson.ts";

/** Makes a Debian package that holds one file of its name in /opt, with its version in it. */
export async function makePackage(file: string, name: string, version: string, fields: string[] = []): Promise<void> {
  const tree = await mkdtemp(join(tmpdir(), "caisson-package-"));
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    "Architecture: all",
    "Maintainer: Nobody <nobody@example.org>",
    ...fields,
    "Description: test",
  ];
  try {
    await addFiles(tree, {
      "content/DEBIAN/control": `${control.join("\n")}\n`,
      [`content/opt/${name}`]: `${version}\n`,
    });
    await mkdir(dirname(file), { recursive: true });
    await execa("dpkg-deb", ["--build", "--root-owner-group", join(tree, "content"), file]);
  } finally {
    await rm(tree, { recursive: true });
  }
}
