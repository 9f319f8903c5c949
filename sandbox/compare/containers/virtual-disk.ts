import { join } from "node:path";
import type { Blob } from "../blob.ts";
import { FileBlob } from "../blob.ts";
import type { Comparer, Container } from "../comparer.ts";
import { Damaged } from "../damaged.ts";
import { copy } from "./compressed.ts";

/** Disks of virtual machines, compared as the raw disk that qemu-img(1) makes of them. */
function virtualDisk(name: string, at: number, magic: string): Container {
  return {
    place: { kind: "disk", name },
    detects: (blob) => blob.read(at, magic.length / 2).toString("hex") === magic,
    compare: async ({ a, b }, place, comparer) => {
      await comparer.withFolder(async (folder) => {
        await comparer.compare(
          { a: await toRaw(a, folder, name, "a", comparer), b: await toRaw(b, folder, name, "b", comparer) },
          place,
        );
      });
    },
    locate: () => `${name} metadata`,
  };
}

async function toRaw(blob: Blob, folder: string, format: string, name: string, comparer: Comparer): Promise<Blob> {
  await copy(blob, join(folder, `${name}.${format}`));
  const argv = ["qemu-img", "convert", "-f", format, "-O", "raw", `/compare/${name}.${format}`, `/compare/${name}`];
  const { exitCode } = await comparer.run(argv, { binds: [{ source: folder, target: "/compare" }], accept: [0, 1] });
  if (exitCode !== 0) throw new Damaged(`${format} disk`);
  return new FileBlob(join(folder, name));
}

export const virtualDisks: readonly Container[] = [
  virtualDisk("qcow2", 0, "514649fb"),
  virtualDisk("vmdk", 0, Buffer.from("KDMV").toString("hex")),
  virtualDisk("vhdx", 0, Buffer.from("vhdxfile").toString("hex")),
  virtualDisk("vdi", 64, "7f10dabe"),
];
