import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  defaultDefinitions,
  definitions,
  repartArguments,
  repartEnvironment,
} from "../../../../sandbox/formats/repart.ts";
import type { ImagePlan } from "../../../../sandbox/protocol.ts";

const [NONE, UEFI] = [
  { esp: false, bios: false },
  { esp: true, bios: false },
];
const SEED = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-repart-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Only what the code under test reads. */
function image(more: Partial<ImagePlan> = {}): ImagePlan {
  const base = { name: "demo", architecture: "x86-64", rootFilesystem: "ext4", repartDirectories: [], environment: {} };
  return { ...base, ...more } as unknown as ImagePlan;
}

test("the default definitions", () => {
  expect(defaultDefinitions("ext4", UEFI)).toEqual([
    [
      "00-esp.conf",
      "[Partition]\nType=esp\nFormat=vfat\nCopyFiles=/boot:/\nCopyFiles=/efi:/\nSizeMinBytes=512M\nSizeMaxBytes=512M\n",
    ],
    ["10-root.conf", "[Partition]\nType=root\nFormat=ext4\nCopyFiles=/\nMinimize=guess\n"],
  ]);
  expect(defaultDefinitions("btrfs", NONE)).toEqual([
    ["10-root.conf", "[Partition]\nType=root\nFormat=btrfs\nCopyFiles=/\nMinimize=guess\n"],
  ]);
});

test("with grub for a BIOS there is room for its core image, and for each kernel twice", () => {
  expect(defaultDefinitions("ext4", { esp: false, bios: true }).slice(0, 2)).toEqual([
    [
      "00-esp.conf",
      "[Partition]\nType=esp\nFormat=vfat\nCopyFiles=/boot:/\nCopyFiles=/efi:/\nSizeMinBytes=1G\nSizeMaxBytes=1G\n",
    ],
    ["05-bios.conf", "[Partition]\nType=21686148-6449-6e6f-744e-656564454649\nSizeMinBytes=1M\nSizeMaxBytes=1M\n"],
  ]);
});

test("the default definitions are written where no folder is given", async () => {
  const path = join(folder, "repart.d");
  expect(await definitions(image(), NONE, path)).toEqual({ folders: [path], verity: false });
  expect(await readdir(path)).toEqual(["10-root.conf"]);
  expect(await readFile(join(path, "10-root.conf"), "utf8")).toContain("Format=ext4\n");
});

test("a folder without definitions is an error", async () => {
  await expect(definitions(image({ repartDirectories: [{ source: "nothing" }] }), UEFI, folder)).rejects.toMatchObject({
    code: "no-partitions",
    message: "demo: a folder of RepartDirectories= has no partition definition",
    hint: "put a file such as 10-root.conf into it (repart.d(5)), or remove the folder to get the default partitions",
  });
});

const COMMON = ["--size=auto", "--json=short", "--no-pager", "--offline=yes", "--root=/buildroot"];

test("the first pass makes the disk without the boot partitions", () => {
  expect(repartArguments({ image: image(), seed: SEED, disk: "image.raw", definitions: 2, pass: "first" })).toEqual([
    "systemd-repart",
    "--dry-run=no",
    ...COMMON,
    `--seed=${SEED}`,
    "--architecture=x86-64",
    "--empty=create",
    "--defer-partitions=esp,xbootldr",
    "--generate-fstab=/etc/fstab",
    "--generate-crypttab=/etc/crypttab",
    "--definitions=/run/caisson/definitions/0",
    "--definitions=/run/caisson/definitions/1",
    "/run/caisson/disk/image.raw",
  ]);
});

test("the second pass adds to the disk", () => {
  expect(repartArguments({ image: image(), seed: SEED, disk: "image.raw", definitions: 1, pass: "second" })).toEqual([
    "systemd-repart",
    "--dry-run=no",
    ...COMMON,
    `--seed=${SEED}`,
    "--architecture=x86-64",
    "--empty=allow",
    "--definitions=/run/caisson/definitions/0",
    "/run/caisson/disk/image.raw",
  ]);
});

test("ext4 gets its hash seed from the build, unless the user says what mkfs is given", () => {
  const PATH = "/run/caisson/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";
  expect(repartEnvironment(image(), SEED)).toEqual({
    PATH,
    SYSTEMD_REPART_MKFS_OPTIONS_EXT4: `-E nodiscard,lazy_itable_init=1,hash_seed=${SEED}`,
  });
  const environment = { SYSTEMD_REPART_MKFS_OPTIONS_EXT4: "-O ^orphan_file", OTHER: "x" };
  expect(repartEnvironment(image({ environment }), SEED)).toEqual({
    PATH,
    SYSTEMD_REPART_MKFS_OPTIONS_EXT4: "-O ^orphan_file",
  });
});
