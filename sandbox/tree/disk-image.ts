import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FileBlob } from "../compare/blob.ts";
import type { Context } from "../context.ts";
import { BuildError, ToolError } from "../errors.ts";
import { isUnpackable, UNPACK_SOURCE, UNPACK_TARGET, unpackCommand } from "../filesystems/unpack.ts";
import { BUILDROOT } from "../run.ts";
import type { ArchiveMember } from "./archive-listing.ts";
import { pourFilesystem } from "./foreign-filesystem.ts";
import { type FileKind, sectorSize, sniffFrom } from "./sniff.ts";

/** A file system inside a file. */
interface Volume {
  /** Bytes. */
  start: number;
  length: number;
  /** Below the root of the image; empty for the root itself. */
  place: string;
}

/** What sfdisk(8) says of a partition; in sectors. */
interface Partition {
  start: number;
  size: number;
  type: string;
}

export interface Unpacked {
  /** On the volume. */
  folder: string;
  /** Device nodes that are not in it. */
  nodes: ArchiveMember[];
}

/**
 * Unpacks a disk image or a file system into a folder on the volume, without mounting it: partitions by their types
 * (UAPI Group, Discoverable Partitions Specification) at the places where systemd-dissect(1) would mount them. The ESP
 * and XBOOTLDR are left out: what boots an image is made anew. Throws BuildError `tree-invalid`.
 */
export async function extractDisk(context: Context, file: string, kind: FileKind, title: string): Promise<Unpacked> {
  const folder = join(context.work, `disk-${Math.random().toString(36).slice(2)}`);
  await mkdir(folder, { recursive: true });
  const whole = [{ start: 0, length: new FileBlob(file).size, place: "" }];
  const nodes: ArchiveMember[] = [];
  for (const volume of kind === "disk" ? await volumes(context, file, title) : whole)
    nodes.push(...(await unpack(context, { file, volume, folder, title })));
  return { folder, nodes };
}

async function volumes(context: Context, file: string, title: string): Promise<Volume[]> {
  const sector = await sectorSize(file);
  const binds = [{ source: file, target: "/source", readOnly: true }];
  const argv = ["sfdisk", "--json", `--sector-size=${sector}`, "/source"];
  const { stdout } = await context.run(argv, { binds, stdout: "capture" });
  const { partitiontable } = JSON.parse(stdout) as { partitiontable: { partitions?: Partition[] } };
  const places = placesOf(context.image.architecture);
  const found = (partitiontable.partitions ?? []).flatMap(({ start, size, type }) => {
    const place = places[type.toUpperCase()];
    return place === undefined ? [] : [{ start: start * sector, length: size * sector, place }];
  });
  // The first of a kind counts, and folders before what lies in them.
  const first = found.filter(({ place }, index) => found.findIndex((each) => each.place === place) === index);
  if (first.some(({ place }) => place === "" || place === "usr"))
    return first.sort((a, b) => a.place.length - b.place.length);
  throw new BuildError("tree-invalid", `${title} has no root or /usr partition for ${context.image.architecture}`, {
    hint: "Partitions are found by their types, which Architecture= decides.",
  });
}

/** Root and /usr by architecture. */
const SYSTEM: Record<string, [root: string, usr: string]> = {
  "x86-64": ["4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709", "8484680C-9521-48C6-9C11-B0720656F69E"],
  arm64: ["B921B045-1DF0-41C3-AF44-4C6F280D3FAE", "B0E01050-EE5F-4390-949A-9101B17104E9"],
  arm: ["69DAD710-2CE4-4E3C-B16C-21A1D49ABED3", "7D0359A3-02B3-4F0A-865C-654403E70625"],
  x86: ["44479540-F297-41B2-9AF7-D131D5F0458A", "75250D76-8CC6-458E-BD66-BD47CC81A812"],
  riscv64: ["72EC70A6-CF74-40E6-BD49-4BDA08E8F224", "BEAEC34B-8442-439B-A40B-984381ED097D"],
  "ppc64-le": ["C31C45E6-3F39-412E-80FB-4809C4980599", "15BB03AF-77E7-4D4A-B12B-C0D084F7491C"],
  s390x: ["5EEAD9A9-FE09-4A1E-A1D7-520D00531306", "8A4F5770-50AA-4ED3-874A-99B710DB6FEA"],
  loongarch64: ["77055800-792C-4F94-B39A-98C91B762BB6", "E611C702-575C-4CBE-9A46-434FA0BF7E3F"],
};

function placesOf(architecture: string): Record<string, string | undefined> {
  const [root, usr] = SYSTEM[architecture] ?? [];
  return {
    ...(root && usr ? { [root]: "", [usr]: "usr" } : {}),
    "933AC7E1-2EB4-4F13-B844-0E14E2AEF915": "home",
    "3B8F8425-20E0-4F3B-907F-1A25A76F98E8": "srv",
    "4D21B016-B534-45C2-A9FB-5C16E091FD2D": "var",
  };
}

interface Job {
  file: string;
  volume: Volume;
  folder: string;
  title: string;
}

async function unpack(context: Context, { file, volume, folder, title }: Job): Promise<ArchiveMember[]> {
  const kind = await sniffFrom(file, volume.start);
  if (kind === "ext4" || kind === "xfs") return pourFilesystem(context, { kind, file, ...volume, folder, title });
  if (!isUnpackable(kind))
    throw new BuildError("tree-invalid", `${title}: the file system of its /${volume.place} is none that is known`, {
      hint: "ext4, xfs, btrfs, squashfs and erofs are; what is encrypted cannot be read.",
    });
  const source = volume.start === 0 ? file : await cutOut(context, file, volume);
  const target = join(folder, volume.place);
  await mkdir(target, { recursive: true });
  const binds = [
    { source, target: UNPACK_SOURCE, readOnly: true },
    { source: target, target: UNPACK_TARGET },
  ];
  try {
    await context.run(unpackCommand(kind, { strict: true }), { binds, accept: kind === "squashfs" ? [0, 2] : [0] });
    return [];
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw new BuildError("tree-invalid", `${title}: its /${volume.place} cannot be unpacked: ${error.message}`, {
      command: error.command,
      tail: error.tail,
    });
  }
}

/** A partition as a file of its own; holes stay holes. */
async function cutOut({ run, work }: Context, file: string, { start, length, place }: Volume): Promise<string> {
  const name = `partition-${place || "root"}`;
  const binds = [{ source: file, target: "/source", readOnly: true }];
  const bytes = [`skip=${start}`, `count=${length}`, "iflag=skip_bytes,count_bytes", "bs=1M", "conv=sparse"];
  await run(["dd", "if=/source", `of=${BUILDROOT}/${name}`, "status=none", ...bytes], { root: work, binds });
  return join(work, name);
}
