import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Stands in for mcopy(1), which systemd-repart fills vfat partitions with. The original copies the content of a folder
 * in the order in which the file system lists it, which no two volumes have in common, and which decides where
 * everything lies in the partition. This one copies by name: a folder's files, then its folders.
 *
 * It is called as `mcopy OPTIONS -i IMAGE SOURCE… ::`.
 */
const SCRIPT = `#!/bin/sh
set -eu
export LC_ALL=C
while [ "$1" != -i ]; do shift; done
image=$2
shift 2

copy() {
  target=$1
  shift
  for entry; do
    [ "$entry" = :: ] || [ ! -e "$entry" ] || [ -d "$entry" ] || mtools -c mcopy -p -Q -m -i "$image" "$entry" "::$target"
  done
  for entry; do
    [ "$entry" != :: ] && [ -d "$entry" ] || continue
    folder=$target\${entry##*/}
    mtools -c mmd -i "$image" "::$folder"
    (copy "$folder/" "$entry"/* "$entry"/.[!.]*)
  done
}

copy / "$@"
`;

/** Where the tools find it. */
export const MCOPY_FOLDER = "/run/caisson/bin";

/** Writes the program into a folder of the build's, to be shown at `MCOPY_FOLDER`. */
export async function writeMcopy(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "mcopy"), SCRIPT, { mode: 0o755 });
}
