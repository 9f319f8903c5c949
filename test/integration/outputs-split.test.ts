import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { names, project, remove, succeed } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { inTools } from "../support/in-tools.ts";

const partition = (settings: Record<string, string>) =>
  `[Partition]\n${Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("")}`;
const definitions = {
  "mkosi.repart/00-esp.conf": partition({
    ...{ Type: "esp", Format: "vfat", SizeMinBytes: "128M", SizeMaxBytes: "128M" },
    CopyFiles: "/boot:/\nCopyFiles=/efi:/",
  }),
  "mkosi.repart/10-root.conf": partition({
    ...{ Type: "root", Format: "erofs", CopyFiles: "/usr:/usr", Minimize: "best" },
    ...{ Verity: "data", VerityMatchKey: "root" },
  }),
  "mkosi.repart/20-verity.conf": partition({
    ...{ Type: "root-verity", Minimize: "best", Verity: "hash", VerityMatchKey: "root" },
  }),
};
const kinds = [
  ...["uki", "kernel", "initrd", "partitions", "tar", "roothash", "os-release"],
  ...["kernel-modules-initrd", "repart-definitions"],
];
const files = {
  "mkosi.conf": [
    ...["[Distribution]", "Distribution=debian", "Release=trixie", "Architecture=x86-64"],
    ...["[Output]", "Format=disk", "OutputDirectory=out", `SplitArtifacts=${kinds.join(",")}`],
    ...[
      "[Content]",
      "Bootable=yes",
      "Bootloader=uki",
      "Packages=linux-image-cloud-amd64 systemd systemd-boot-efi udev",
    ],
    ...["[Validation]", "Checksum=yes", ""],
  ].join("\n"),
  ...definitions,
};

let folder: string;
beforeAll(async () => {
  folder = await project(files);
  await succeed(folder, ["build"]);
});
afterAll(async () => {
  await succeed(folder, ["clean"]);
  const left = await names(join(folder, "out"));
  await remove(folder);
  expect(left).toEqual([]);
});

test("every kind is there", async () => {
  const suffixes = ["SHA256SUMS", "efi", "esp.raw", "initrd", "kernel-modules-initrd", "osrelease", "raw", "repart.d"];
  const more = ["root-x86-64-verity.raw", "root-x86-64.raw", "roothash", "tar", "vmlinuz"];
  expect(await names(join(folder, "out"))).toEqual(["image", ...[...suffixes, ...more].map((name) => `image.${name}`)]);
});

/** In the folder of the outputs, among the tools; what it prints. */
const inside = (script: string) => withEngine(async (engine) => inTools(engine, join(folder, "out"), script));

test("partitions are the disk's, byte by byte", async () => {
  const script = `
    sfdisk --json image.raw | jq -r '.partitiontable.partitions[] | "\\(.name) \\(.start) \\(.size)"' |
    while read -r name start size; do
      dd if=image.raw bs=512 skip=$start count=$size status=none | cmp - image.$name.raw
      echo $name
    done`;
  expect((await inside(script)).trim().split("\n")).toEqual(["esp", "root-x86-64", "root-x86-64-verity"]);
});

test("the root hash verifies the root", async () => {
  const verify = "veritysetup verify --panic-on-corruption image.root-x86-64.raw image.root-x86-64-verity.raw";
  await inside(`veritysetup verify image.root-x86-64.raw image.root-x86-64-verity.raw $(cat image.roothash)`);
  const wrong = "0".repeat(64);
  await expect(inside(`${verify} ${wrong}`)).rejects.toThrow("exit code");
});

test("the unified kernel image is the ESP's, and has the kernel and the initrds", async () => {
  const script = `
    mcopy -n -i image.esp.raw ::/EFI/BOOT/BOOTX64.EFI /tmp/esp.efi
    cmp /tmp/esp.efi image.efi
    python3 -c '
import pefile
pe = pefile.PE("image.efi", fast_load=True)
for name, file in ((".linux", "vmlinuz"), (".initrd", "initrd")):
    [section] = [s for s in pe.sections if s.Name.decode().strip(chr(0)) == name]
    assert section.get_data()[: section.Misc_VirtualSize] == open("image." + file, "rb").read(), name
'
    # Each initrd ends at a multiple of 4.
    size=$(stat -c %s image.kernel-modules-initrd)
    tail -c $(((size + 3) / 4 * 4)) image.initrd | head -c $size | cmp - image.kernel-modules-initrd
    zstd -dc image.kernel-modules-initrd | cpio -it --quiet | grep -c '\\.ko'`;
  expect(Number(await inside(script))).toBeGreaterThan(10);
});

test("the archive of the tree has the os-release, and what boots its kernels", async () => {
  const script = `
    tar -xOf image.tar usr/lib/os-release | cmp - image.osrelease
    tar -xOf image.tar efi/EFI/BOOT/BOOTX64.EFI | cmp - image.efi`;
  await inside(script);
});

test("the definitions are those that the disk was made from", async () => {
  for (const [path, text] of Object.entries(definitions)) {
    const name = path.slice("mkosi.repart/".length);
    expect(await readFile(join(folder, "out/image.repart.d", name), "utf8")).toBe(text);
  }
});

test("the checksums are those of all files", async () => {
  const lines = (await inside(`sha256sum --check image.SHA256SUMS`)).trim().split("\n");
  expect(lines).toHaveLength(11);
  for (const line of lines) expect(line).toMatch(/: OK$/);
});
