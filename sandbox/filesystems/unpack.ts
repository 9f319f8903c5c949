/** Tools that unpack file systems without mounting them, with owners, modes and attributes. */

/** Where they find the file, and the folder to fill. */
export const UNPACK_SOURCE = "/source";
export const UNPACK_TARGET = "/target";

/** In a form that setfattr(1) takes. */
const CAPABILITIES =
  "getfattr --recursive --physical --no-dereference --dump --match=^security.capability$ --encoding=base64 .";

/** fsck.erofs gives files their owners last, which takes their capabilities: those are set again afterwards. */
const EROFS = `
fsck.erofs --extract=${UNPACK_TARGET} --no-preserve-owner --xattrs --overwrite ${UNPACK_SOURCE}
cd ${UNPACK_TARGET}
${CAPABILITIES} > /tmp/capabilities
find . -mindepth 1 -delete
fsck.erofs --extract=${UNPACK_TARGET} --preserve --xattrs --overwrite ${UNPACK_SOURCE}
setfattr --no-dereference --restore=/tmp/capabilities
`;

/**
 * btrfs-restore(8) gives files their modes first. Where this is not the host's root, writing then takes set-user-ID from
 * them: that is set by going over all again, with no write allowed. Owners are set again as well, which takes capabilities.
 */
const BTRFS = `
btrfs restore --metadata --symlink --xattr --snapshots ${UNPACK_SOURCE} ${UNPACK_TARGET}
cd ${UNPACK_TARGET}
${CAPABILITIES} > /tmp/capabilities
trap '' XFSZ
(ulimit -f 0; btrfs restore --metadata --snapshots --overwrite --ignore-errors ${UNPACK_SOURCE} ${UNPACK_TARGET} > /dev/null 2>&1)
setfattr --no-dereference --restore=/tmp/capabilities
`;

const scripts = {
  squashfs: `unsquashfs -force -no-progress -quiet -xattrs -dest ${UNPACK_TARGET} ${UNPACK_SOURCE}`,
  erofs: EROFS,
  btrfs: BTRFS,
} as const;
export type Unpackable = keyof typeof scripts;

export const isUnpackable = (kind: string): kind is Unpackable => Object.hasOwn(scripts, kind);

/** A `strict` one ends where a tool fails; otherwise as much is unpacked as can be. Device nodes end unsquashfs with 2. */
export function unpackCommand(kind: Unpackable, { strict }: { strict: boolean }): string[] {
  return ["bash", strict ? "-euo" : "-uo", "pipefail", "-c", scripts[kind]];
}
