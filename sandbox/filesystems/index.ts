import { makeBtrfs } from "./btrfs.ts";
import { makeErofs } from "./erofs.ts";
import { makeExt4 } from "./ext4.ts";
import type { Filesystem } from "./filesystem.ts";
import { makeSquashfs } from "./squashfs.ts";
import { makeVfat } from "./vfat.ts";
import { makeXfs } from "./xfs.ts";

/** What is made from the stream of a tree, by the names that repart.d(5) has for Format=. Others are left to systemd-repart. */
export const filesystems: Readonly<Record<string, Filesystem>> = {
  btrfs: makeBtrfs,
  erofs: makeErofs,
  ext4: makeExt4,
  squashfs: makeSquashfs,
  vfat: makeVfat,
  xfs: makeXfs,
};
