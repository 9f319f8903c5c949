import type { Context } from "../context.ts";
import type { Partition } from "./command-line.ts";
import type { EfiBinary } from "./efi-binary.ts";
import type { MenuEntry } from "./grub-config.ts";
import type { KernelImage } from "./images.ts";

/** An initrd, and the name that it has on the ESP. */
export interface NamedInitrd {
  source: string;
  name: string;
}

export interface BootJob {
  context: Context;
  /** Only read. */
  root: string;
  /** In place of the tree's own; may be none. */
  microcode: readonly NamedInitrd[];
  /** Outermost first; the initrd with the kernel's modules follows them. */
  initrds: readonly NamedInitrd[];
  /** Empty where the image has none, or while none has an id. */
  partitions: readonly Partition[];
}

export interface KernelJob extends BootJob {
  kernel: KernelImage;
  /** What boot entries are named after. */
  token: string;
  commandLine: readonly string[];
  /** Files to join to unified kernel images. */
  profiles: readonly string[];
}

/** A file that belongs into the tree's /boot or /efi. */
export interface BootFile {
  source: string;
  /** Relative to the root. */
  target: string;
  /** Of a program for UEFI firmware that has no signature yet; absent for all else, and for what ukify made. */
  signedBy?: EfiBinary["signedBy"];
}

/** What was made for one kernel, and how grub starts it. */
export interface KernelFiles {
  files: BootFile[];
  entries: MenuEntry[];
}
