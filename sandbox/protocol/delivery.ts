import * as z from "zod";
import { Secret, Source } from "./sources.ts";

/** Parts of an image that can be files of their own. */
export const SplitArtifact = z.enum([
  "uki",
  "kernel",
  "initrd",
  "partitions",
  "tar",
  "pcrs",
  "roothash",
  "os-release",
  "kernel-modules-initrd",
  "repart-definitions",
]);
export type SplitArtifact = z.infer<typeof SplitArtifact>;

/** Those that are one file, or one folder, under a name that is known beforehand. */
export type SplitFile = Exclude<SplitArtifact, "partitions">;

/** What follows the output's name, as in mkosi; after `tar` comes the compression's extension. */
export const SPLIT_SUFFIXES: Readonly<Record<SplitFile, string>> = {
  uki: "efi",
  kernel: "vmlinuz",
  initrd: "initrd",
  tar: "tar",
  pcrs: "pcrs",
  roothash: "roothash",
  "os-release": "osrelease",
  "kernel-modules-initrd": "kernel-modules-initrd",
  "repart-definitions": "repart.d",
};

/** Of what is made from the output: what follows its name. */
export const BESIDE_SUFFIXES = {
  json: "manifest",
  changelog: "changelog",
  nspawnSettings: "nspawn",
  checksum: "SHA256SUMS",
  signature: "SHA256SUMS.gpg",
} as const;

/** What is delivered beside the output, and how. Nothing of it changes the output itself. */
export const DeliveryPart = z.object({
  /** What is a file of its own too. */
  splitArtifacts: z.array(SplitArtifact),
  /** Certificate of the key that will sign `pcrs`. */
  pcrCertificate: Source.optional(),
  manifestFormat: z.array(z.enum(["json", "changelog"])),
  /** Goes beside the output: systemd.nspawn(5). */
  nspawnSettings: Source.optional(),
  /** Permission bits of files; absent: 644. */
  outputMode: z.number().int().optional(),
  /** A list of SHA-256 sums. */
  checksum: z.boolean(),
  /** Signs that list with OpenPGP; absent: nothing does. */
  signature: z
    .discriminatedUnion("tool", [
      // The folder of a keyring; without a key's name or id, its default one signs.
      z.object({ tool: z.literal("gpg"), home: Secret, key: z.string().optional() }),
      z.object({ tool: z.literal("sqop"), key: Secret }),
    ])
    .optional(),
});
