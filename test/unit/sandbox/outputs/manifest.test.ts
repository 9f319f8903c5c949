import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changelogReport } from "../../../../sandbox/outputs/changelog.ts";
import { manifestJson } from "../../../../sandbox/outputs/manifest.ts";
import { readInstalled } from "../../../../sandbox/package-managers/apt/installed.ts";
import type { InstalledPackage } from "../../../../sandbox/package-managers/package-manager.ts";
import type { ImagePlan } from "../../../../sandbox/protocol.ts";

const image = {
  distribution: "debian",
  release: "trixie",
  architecture: "x86-64",
  format: "tar",
  imageId: "os",
} as ImagePlan;

function installed(name: string, source: string): InstalledPackage {
  return { type: "deb", name, source, version: "1-1", architecture: "amd64", size: 2048 };
}

test("dpkg's list, without what was removed, in byte order", () => {
  const lines = ["zz\tz\t1\tall\t\tinstalled", "a\tsrc\t1:2-3\tamd64\t7\tinstalled", "b\tb\t1\tall\t1\tconfig-files"];
  expect(readInstalled(`${lines.join("\n")}\n`)).toEqual([
    { type: "deb", name: "a", source: "src", version: "1:2-3", architecture: "amd64", size: 7168 },
    { type: "deb", name: "zz", source: "z", version: "1", architecture: "all", size: 0 },
  ]);
});

test("the manifest has mkosi's fields in mkosi's order", () => {
  const text = manifestJson({ ...image, imageVersion: "2" }, [installed("a", "src")], { ID: "debian" });
  expect(text).toBe(`{
  "manifest_version": 1,
  "config": {
    "name": "os",
    "distribution": "debian",
    "architecture": "x86-64",
    "output_format": "tar",
    "version": "2",
    "release": "trixie"
  },
  "packages": [
    {
      "type": "deb",
      "name": "a",
      "version": "1-1",
      "architecture": "amd64",
      "size": 2048
    }
  ],
  "extension": {
    "ID": "debian"
  }
}`);
});

describe("the report", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "caisson-changelog-"));
    await mkdir(join(root, "usr/share/doc/a"), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  test("has packages by their sources, with a changelog where there is one", async () => {
    await writeFile(join(root, "usr/share/doc/a/changelog.Debian.gz"), gzipSync("a (1-1) x\n\n  * Done.\n\n"));
    const packages = [installed("a", "src"), installed("b", "other"), installed("c", "src")];
    expect(await changelogReport(root, packages)).toBe(`Packages: 3
Size:     6144
${"-".repeat(80)}
SourcePackage: src
Packages:      a c
Size:          4096

Changelog:
a (1-1) x

  * Done.

${"-".repeat(80)}
SourcePackage: other
Packages:      b
Size:          2048
`);
  });

  test("reads nothing outside the tree", async () => {
    await writeFile(join(root, "secret"), "secret");
    await mkdir(join(root, "tree/usr/share/doc/a"), { recursive: true });
    await symlink(join(root, "secret"), join(root, "tree/usr/share/doc/a/changelog"));
    expect(await changelogReport(join(root, "tree"), [installed("a", "src")])).not.toContain("secret");
  });
});
