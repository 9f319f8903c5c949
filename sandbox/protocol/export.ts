import * as z from "zod";
import { PROTOCOL_VERSION } from "./places.ts";
import { Secret, Source } from "./sources.ts";

/** What a disk image can be turned into. */
export const DiskFormat = z.enum(["qcow2", "vmdk", "vhd", "vhdx", "vdi", "ova"]);
export type DiskFormat = z.infer<typeof DiskFormat>;

/** What an OCI image can be turned into. */
export const ContainerFormat = z.enum(["oci-archive", "docker-archive"]);
export type ContainerFormat = z.infer<typeof ContainerFormat>;

/** One file of the output directory, or one image of a registry. */
export const Export = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("disk"), format: DiskFormat, file: z.string() }),
  z.object({ kind: z.literal("container"), format: ContainerFormat, file: z.string() }),
  /** `REGISTRY/NAME[:TAG]`. */
  z.object({ kind: z.literal("registry"), image: z.string(), credentials: Secret.optional() }),
]);
export type Export = z.infer<typeof Export>;

/** Turns an image that was built into what other programs take. */
export const ExportPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("export"),
  /** Kept on the volume under this name while it runs. */
  build: z.string(),
  /** The output of the build. */
  image: Source,
  /** For people: its file name. */
  file: z.string(),
  /** It is compressed as a whole. */
  compressed: z.boolean(),
  exports: z.array(Export).min(1),
  /** Of a container image in an archive: `NAME:TAG`. */
  reference: z.string(),
  /** Of the virtual machine in an OVA. */
  machine: z.object({
    name: z.string(),
    /** MiB. */
    memory: z.number().int(),
    cpus: z.number().int(),
    firmware: z.enum(["efi", "bios"]),
    architecture: z.string(),
  }),
  /** Replace existing files. */
  force: z.boolean(),
  /** Owner of delivered files, where the engine is rootful: the caller's ids. */
  owner: z.object({ uid: z.number().int(), gid: z.number().int() }).optional(),
});
export type ExportPlan = z.infer<typeof ExportPlan>;
