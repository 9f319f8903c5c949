import { basename, dirname } from "node:path";
import type { DiskFormat, ExportPlan } from "../protocol.ts";
import type { Run } from "../run.ts";
import { writeOva } from "./ova.ts";
import { settleVdi } from "./vdi.ts";
import { settleVhd } from "./vhd.ts";
import { settleVhdx } from "./vhdx.ts";
import { settleVmdk } from "./vmdk.ts";

/** A disk to export. */
export interface DiskJob {
  plan: ExportPlan;
  run: Run;
  /** The raw image. */
  raw: string;
  /** SHA-256 of its content, which ids derive from. */
  content: string;
  /** The file to make. Formats have its name inside. */
  output: string;
  /** An empty folder on the volume. */
  work: string;
}

interface Writer {
  /** What qemu-img(1) calls the format, with its options. */
  qemu: string[];
  /** Replaces what is random or of the clock. */
  settle?: (path: string, content: string) => Promise<void>;
}

/** Sizes are kept as they are, where vpc would round them up to cylinders. */
const VHD = ["vpc", "-o", "force_size=on"];
const STREAM = ["vmdk", "-o", "subformat=streamOptimized,adapter_type=lsilogic"];

const WRITERS: Record<Exclude<DiskFormat, "ova">, Writer> = {
  qcow2: { qemu: ["qcow2", "-o", "compat=1.1,lazy_refcounts=off"] },
  vmdk: { qemu: ["vmdk", "-o", "adapter_type=lsilogic"], settle: settleVmdk },
  vhd: { qemu: VHD, settle: settleVhd },
  vhdx: { qemu: ["vhdx"], settle: settleVhdx },
  vdi: { qemu: ["vdi"], settle: settleVdi },
};

/** Writes a raw disk in another format: the same disk always as the same bytes. */
export async function exportDisk(job: DiskJob, format: DiskFormat): Promise<void> {
  if (format === "ova")
    return writeOva(job, (path) => convert({ ...job, output: path }, { qemu: STREAM, settle: settleVmdk }));
  await convert(job, WRITERS[format]);
}

async function convert({ run, raw, content, output }: DiskJob, { qemu, settle }: Writer): Promise<void> {
  const binds = [
    { source: raw, target: "/run/caisson/disk.raw", readOnly: true },
    { source: dirname(output), target: "/output" },
  ];
  // One after another, in order: which block is written first decides where it lies.
  const words = [
    "convert",
    "-m",
    "1",
    "-f",
    "raw",
    "-O",
    ...qemu,
    "/run/caisson/disk.raw",
    `/output/${basename(output)}`,
  ];
  await run(["qemu-img", ...words], { binds });
  await settle?.(output, content);
}
