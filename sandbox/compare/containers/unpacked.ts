/** File systems that tools unpack, without mounting them. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UNPACK_SOURCE, UNPACK_TARGET, type Unpackable, unpackCommand } from "../../filesystems/unpack.ts";
import { type Blob, FileBlob } from "../blob.ts";
import type { Comparer, Container } from "../comparer.ts";
import { readFolder } from "../extracted.ts";
import { derived, type Field, fields } from "../fields.ts";
import type { Tree } from "../tree.ts";
import { compareTrees } from "../trees.ts";
import { copy } from "./compressed.ts";

interface Unpacker {
  name: Unpackable;
  magic: { at: number; hex: string };
  headerAt: number;
  fields: readonly Field[];
}

function unpacked({ name, magic, headerAt, fields: table }: Unpacker): Container {
  return {
    place: { kind: "filesystem", name },
    detects: (blob) => blob.read(magic.at, magic.hex.length / 2).toString("hex") === magic.hex,
    fields: table,
    headerAt,
    compare: async ({ a, b }, place, comparer) => {
      await comparer.withFolder(async (folder) => {
        const trees = {
          a: await unpack(a, join(folder, "a"), name, comparer),
          b: await unpack(b, join(folder, "b"), name, comparer),
        };
        await compareTrees(trees, place, comparer);
      });
    },
    locate: (_blob, offset) => `${name} data and metadata at ${offset}`,
  };
}

async function unpack(blob: Blob, folder: string, name: Unpackable, comparer: Comparer): Promise<Tree> {
  await mkdir(join(folder, "tree"), { recursive: true });
  const image = await asFile(blob, join(folder, "image"));
  const binds = [
    { source: image, target: UNPACK_SOURCE, readOnly: true },
    { source: join(folder, "tree"), target: UNPACK_TARGET },
  ];
  // Device nodes cannot be made here; whatever else is left out shows as bytes that nothing explains.
  await comparer.run(unpackCommand(name, { strict: false }), { binds, accept: [0, 1, 2], stdout: "log" });
  return readFolder(join(folder, "tree"), comparer);
}

/** The file itself where the blob is one. */
async function asFile(blob: Blob, path: string): Promise<string> {
  if (blob instanceof FileBlob && typeof blob.path === "string") return blob.path;
  await copy(blob, path);
  return path;
}

const erofs = unpacked({
  name: "erofs",
  magic: { at: 1024, hex: "e2e1f5e0" },
  headerAt: 1024,
  fields: [
    ...fields([8, 4, "compatible features", "hex"], [12, 1, "block size bits"], [48, 16, "uuid", "uuid"]),
    ...fields([64, 16, "label", "text"], [80, 4, "incompatible features", "hex"], [24, 8, "build time", "time"]),
    ...derived([4, 4, "checksum", "hex"], [14, 2, "root inode"], [16, 8, "inodes"], [36, 4, "blocks"]),
    ...derived([40, 4, "metadata block"], [44, 4, "attributes block"]),
  ],
});

const squashfs = unpacked({
  name: "squashfs",
  magic: { at: 0, hex: "68737173" },
  headerAt: 0,
  fields: [
    ...fields([8, 4, "creation time", "time"], [12, 4, "block size"], [20, 2, "compression"], [24, 2, "flags", "hex"]),
    ...derived([4, 4, "inodes"], [16, 4, "fragments"], [26, 2, "ids"], [32, 8, "root inode"], [40, 8, "bytes used"]),
  ],
});

const btrfs = unpacked({
  name: "btrfs",
  magic: { at: 65_600, hex: Buffer.from("_BHRfS_M").toString("hex") },
  headerAt: 65_536,
  fields: [
    ...fields([0x20, 16, "uuid", "uuid"], [0x70, 8, "total bytes"], [0x90, 4, "sector size"], [0x94, 4, "node size"]),
    ...fields(
      [0xac, 8, "compatible features", "hex"],
      [0xbc, 8, "incompatible features", "hex"],
      [0xc4, 2, "checksum type"],
    ),
    ...fields([0x12b, 256, "label", "text"], [0x10b, 16, "device uuid", "uuid"]),
    ...derived([0x00, 32, "checksum", "hex"], [0x48, 8, "generation"], [0x50, 8, "root tree"], [0x58, 8, "chunk tree"]),
    ...derived([0x78, 8, "bytes used"]),
  ],
});

export const unpackedFilesystems: readonly Container[] = [erofs, squashfs, btrfs];
