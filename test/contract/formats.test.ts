/** Every output format, made of the same tree: its structure, its files with their owners, and that it is reproducible. */
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/engine/discover.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { cli, remove, succeed } from "../support/caisson.ts";
import { demoAttributes, demoListing, writeDemoTar } from "../support/demo-tree.ts";
import { inTools } from "../support/in-tools.ts";
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
  await cp(join(folder, "mkosi.crt"), join(folder, "mkosi.output/certificate"));
  engine = await connect({ environment: process.env, platform: process.platform });
});
afterAll(async () => {
  // A directory has the owners of the image, whom a user is none of.
  await inTools(engine, folder, "rm -rf mkosi.output");
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
  without?: ("attributes" | "links" | "empty folders")[];
}

const root = (name: string) => `partition ${name}.raw '${PartitionType.root}' /tmp/root && unpack /tmp/root`;

const rows: Row[] = [
  {
    format: "tar",
    unpack: `mkdir /out && tar -C /out -xpf tar.tar --numeric-owner --xattrs --xattrs-include='*'`,
  },
  {
    format: "cpio",
    unpack: `mkdir /out && cpio --extract --directory=/out --make-directories --quiet --no-absolute-filenames < cpio.cpio`,
    without: ["attributes"],
  },
  { format: "directory", unpack: `ln -s "$PWD/directory" /out` },
  {
    format: "oci",
    // Which checks every digest.
    unpack: `skopeo --insecure-policy copy --quiet oci:oci dir:/tmp/oci
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
  { format: "sysext", unpack: root("sysext"), below: "usr/share/demo-extension", without: ["links", "empty folders"] },
  { format: "confext", unpack: root("confext"), below: "etc/demo", without: ["links", "empty folders"] },
];

describe.each(rows)("$format", ({ unpack, below = "usr/share/demo", without = [] }) => {
  test("has every file with its owner, mode and attributes", async () => {
    const printed = await inTools(engine, join(folder, "mkosi.output"), `${UNPACKING}\n${unpack}\nlist /out/${below}`);
    const expected = [...demoListing, ...(without.includes("attributes") ? [] : demoAttributes)];
    expect(plain(printed.trimEnd().split("\n"), without)).toEqual(plain(expected, without));
  });
});

/** Tools that unpack one file after another make two of a file with two names; extensions leave empty folders out. */
function plain(lines: string[], without: Row["without"] = []): string[] {
  const kept = without.includes("empty folders") ? lines.filter((line) => !line.startsWith("open ")) : lines;
  return without.includes("links") ? kept.map((line) => line.replace(/ [12]$/, " 1")) : kept;
}

/** Runs a script on the outputs; gives back its lines. */
async function lines(script: string): Promise<string[]> {
  const printed = await inTools(engine, join(folder, "mkosi.output"), `${UNPACKING}\n${script}`);
  return printed.trimEnd().split("\n");
}

/** Shell: names of the files of the cpio archive in a section of a PE file. */
const initrdNames = (file: string) => `
python3 -c '
import pefile, sys
sections = pefile.PE(sys.argv[1], fast_load=True).sections
[initrd] = [section for section in sections if section.Name.rstrip(b"\\0") == b".initrd"]
sys.stdout.buffer.write(initrd.get_data()[:initrd.Misc_VirtualSize])' ${file} > /tmp/initrd
(zstd -dcq /tmp/initrd 2> /dev/null || cat /tmp/initrd) | cpio --list --quiet`;

const sections = (file: string) => `ukify inspect ${file} --json=short | jq -r 'keys_unsorted[]'`;

test("disk-xfs: the file system is whole, and its files have their owners and modes", async () => {
  const stat = (path: string) => `-c "path /usr/share/demo/${path}" -c "print core.mode core.uid core.gid"`;
  const printed = await lines(`partition disk-xfs.raw '${PartitionType.root}' /tmp/root
    xfs_repair -n -f /tmp/root > /dev/null 2>&1
    xfs_db -r -f ${["private/note", "setuid", "open", "capable"].map(stat).join(" ")} /tmp/root`);
  expect(printed).toEqual([
    ...["core.mode = 0100640", "core.uid = 1000", "core.gid = 1001"],
    ...["core.mode = 0104755", "core.uid = 0", "core.gid = 0"],
    ...["core.mode = 041777", "core.uid = 0", "core.gid = 0"],
    ...["core.mode = 0100755", "core.uid = 0", "core.gid = 0"],
  ]);
});

test("disk-verity: the hashes are those of the data, and the root hash is signed", async () => {
  const printed = await lines(`disk=disk-verity.raw
    partition $disk '${PartitionType.root}' /tmp/data
    partition $disk '${PartitionType.rootVerity}' /tmp/hash
    partition $disk '${PartitionType.rootVeritySignature}' /tmp/signature
    id() { sfdisk --json $disk | jq -r --arg type "$1" '.partitiontable.partitions[] | select(.type | test($type; "i")).uuid'; }
    hash=$(printf '%s%s' "$(id '${PartitionType.root}')" "$(id '${PartitionType.rootVerity}')" | tr -d - | tr A-F a-f)
    veritysetup verify /tmp/data /tmp/hash "$hash" && echo verified
    tr -d '\\0' < /tmp/signature > /tmp/signature.json
    [ "$(jq -r .rootHash /tmp/signature.json)" = "$hash" ] && echo same
    jq -r .signature /tmp/signature.json | base64 -d > /tmp/signature.der
    printf %s "$hash" > /tmp/content
    openssl cms -verify -binary -inform DER -in /tmp/signature.der -content /tmp/content -noverify \
      -nointern -certfile certificate -out /dev/null && echo signed`);
  expect(printed).toEqual(["verified", "same", "signed"]);
});

test("uki: its sections, and the tree as its initrd", async () => {
  expect(await lines(sections(`uki.efi`))).toEqual(
    expect.arrayContaining([".osrel", ".cmdline", ".uname", ".initrd", ".linux"]),
  );
  expect(await lines(initrdNames(`uki.efi`))).toEqual(expect.arrayContaining(["init", "usr/lib/systemd/systemd"]));
});

test("addon: its command line, and what it adds to another image as its initrd", async () => {
  expect(await lines(sections(`addon.efi`))).toEqual(expect.arrayContaining([".cmdline", ".initrd"]));
  const names = await lines(initrdNames(`addon.efi`));
  expect(names).toContain("usr/share/demo-extension/private/note");
  expect(names).not.toContain("usr/bin/bash");
});

test("esp: boot loader where firmware looks for it, and the unified kernel image where the boot loader does", async () => {
  const printed = await lines(`partition esp.raw '${PartitionType.esp}' /tmp/esp
    unpack /tmp/esp
    cmp /out/EFI/BOOT/BOOTX64.EFI /out/EFI/systemd/systemd-bootx64.efi
    cmp /out/EFI/Linux/*.efi esp.efi
    cd /out && find EFI -type f | sort`);
  expect(printed).toEqual([
    "EFI/BOOT/BOOTX64.EFI",
    expect.stringMatching(/^EFI\/Linux\/debian-.*\.efi$/),
    "EFI/systemd/systemd-bootx64.efi",
  ]);
});

test("disk-boot: boot loader and kernel are signed with our key", async () => {
  const printed = await lines(`partition disk-boot.raw '${PartitionType.esp}' /tmp/esp
    unpack /tmp/esp
    cd /out && find . -iname '*.efi' | sort | while read -r file; do
      sbverify --cert "$OLDPWD/certificate" "$file" > /dev/null 2>&1 && echo "signed $file" || echo "unsigned $file"
    done`);
  expect(printed.filter((line) => line.startsWith("unsigned"))).toEqual([]);
  expect(printed).toContain("signed ./EFI/BOOT/BOOTX64.EFI");
  expect(printed.some((line) => /^signed \.\/EFI\/Linux\/.*\.efi$/.test(line))).toBe(true);
});

test("verify: all of them are the same bytes when they are built elsewhere", async () => {
  const argv = [cli, "--json", "verify"];
  const { stdout, stderr, exitCode } = await execa(process.execPath, argv, { cwd: folder, reject: false });
  const { differences, outputs } = JSON.parse(stdout || "{}");
  expect({ differences, exitCode }, stderr.slice(-2000)).toEqual({ differences: [], exitCode: 0 });
  expect(outputs.length).toBeGreaterThanOrEqual(rows.length);
});
