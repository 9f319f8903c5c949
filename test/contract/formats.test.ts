/** Every output format, made of the same tree: its structure, its files with their owners, and that it is reproducible. */
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/engine/discover.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { remove, succeed } from "../support/caisson.ts";
import { demoAttributes, demoListing, writeDemoTar } from "../support/demo-tree.ts";
import { INPUT, inspect } from "../support/inspect.ts";
import { PartitionType, UNPACKING } from "../support/unpack.ts";

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-formats-"));
  await cp("test/fixtures/formats", folder, { recursive: true });
  await writeDemoTar(join(folder, "tree.tar"), "usr/share/demo");
  await writeDemoTar(join(folder, "extension.tar"), "usr/share/demo-extension");
  await writeDemoTar(join(folder, "configuration.tar"), "etc/demo");
  const certificate = ["-newkey", "rsa:2048", "-noenc", "-subj", "/CN=test/", "-days", "100"];
  const files = ["-keyout", join(folder, "mkosi.key"), "-out", join(folder, "mkosi.crt")];
  await execa("openssl", ["req", "-x509", ...certificate, ...files]);
  await succeed(folder, ["-f", "build"]);
  engine = await connect({ environment: process.env, platform: process.platform });
});
afterAll(async () => {
  await engine.close();
  await remove(folder);
});

interface Row {
  format: string;
  /** Where the demo tree is. */
  below?: string;
  /** Unpacks the image's files into /out. */
  unpack: string;
  /** What a format cannot say. */
  without?: ("attributes" | "links")[];
}

const root = (name: string) => `partition ${INPUT}/${name}.raw '${PartitionType.root}' /tmp/root && unpack /tmp/root`;

const rows: Row[] = [
  {
    format: "tar",
    unpack: `mkdir /out && tar -C /out -xpf ${INPUT}/tar.tar --numeric-owner --xattrs --xattrs-include='*'`,
  },
  {
    format: "cpio",
    unpack: `mkdir /out && cd /out && cpio --extract --make-directories --quiet --no-absolute-filenames < ${INPUT}/cpio.cpio`,
    without: ["attributes"],
  },
  { format: "directory", unpack: `ln -s ${INPUT}/directory /out` },
  {
    format: "oci",
    // Which checks every digest.
    unpack: `skopeo --insecure-policy copy --quiet oci:${INPUT}/oci dir:/tmp/oci
      mkdir /out
      for layer in $(jq -r '.layers[].digest | sub("sha256:"; "")' /tmp/oci/manifest.json); do
        tar -C /out -xpf /tmp/oci/"$layer" --numeric-owner --xattrs --xattrs-include='*'
      done`,
  },
  { format: "disk-ext4", unpack: root("disk-ext4"), without: ["links"] },
  { format: "disk-erofs", unpack: root("disk-erofs"), without: ["links"] },
  { format: "disk-squashfs", unpack: root("disk-squashfs") },
  { format: "disk-btrfs", unpack: root("disk-btrfs"), without: ["links"] },
  { format: "disk-verity", unpack: root("disk-verity"), without: ["links"] },
  { format: "portable", unpack: root("portable"), without: ["links"] },
  { format: "sysext", unpack: root("sysext"), below: "usr/share/demo-extension", without: ["links"] },
  { format: "confext", unpack: root("confext"), below: "etc/demo", without: ["links"] },
];

describe.each(rows)("$format", ({ unpack, below = "usr/share/demo", without = [] }) => {
  test("has every file with its owner, mode and attributes", async () => {
    const printed = await inspect(engine, folder, `${UNPACKING}\n${unpack}\nlist /out/${below}`);
    const expected = [...demoListing, ...(without.includes("attributes") ? [] : demoAttributes)];
    expect(plain(printed.trimEnd().split("\n"), without)).toEqual(plain(expected, without));
  });
});

/** Tools that unpack one file after another make two of a file with two names. */
function plain(lines: string[], without: Row["without"] = []): string[] {
  return without.includes("links") ? lines.map((line) => line.replace(/ [12]$/, " 1")) : lines;
}
