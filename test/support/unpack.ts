/** Shell functions that take an output apart with the ordinary tools, in a container of the tools image (`inTools`). */

/** GUIDs of the Discoverable Partitions Specification, as expressions: of x86-64 and of arm64. */
export const PartitionType = {
  root: "^(4f68bce3-e8cd-4db1-96e7-fbcaf984b709|b921b045-1df0-41c3-af44-4c6f280d3fae)$",
  rootVerity: "^(2c7357ed-ebd2-46d9-aec1-23d437ec2bf5|df3300ce-d69f-4c92-978c-9bfb0f38d820)$",
  rootVeritySignature: "^(41092b05-9fc8-4523-994f-2def0408b176|6db69de6-29f4-4758-a7a5-962190f00ce3)$",
  esp: "^c12a7328-f81f-11d2-ba4b-00a0c93ec93b$",
} as const;

/** `partition DISK TYPE FILE` copies the first partition of a type. */
const PARTITION = `
partition() {
  sfdisk --json "$1" | jq -r --arg type "$2" '.partitiontable | (.sectorsize // 512) as $s |
    .partitions[] | select(.type | test($type; "i")) | "\\(.start * $s) \\(.size * $s)"' | head -n 1 > /tmp/place
  read -r start size < /tmp/place
  dd if="$1" of="$3" bs=1M iflag=skip_bytes,count_bytes skip="$start" count="$size" conv=sparse status=none
}
`;

/** `unpack FILE` checks a file system, and unpacks it into /out. */
const UNPACK = `
unpack() {
  case "$(blkid --probe --output value --match-tag TYPE "$1")" in
    ext4)
      e2fsck -fn "$1" > /dev/null 2>&1
      mkdir /out
      debugfs -R 'rdump / /out' "$1" > /dev/null 2>&1
      attributes "$1"
      ;;
    erofs)
      fsck.erofs --extract=/out "$1" > /dev/null
      # It gives files their owners last, at which the kernel takes their capabilities.
      fsck.erofs --extract=/attributes --no-preserve-owner --xattrs "$1" > /dev/null
      (cd /attributes && getfattr -R -h -d -m . -e hex . 2> /dev/null) | (cd /out && setfattr -h --restore=-)
      ;;
    squashfs) unsquashfs -quiet -no-progress -dest /out "$1" > /dev/null ;;
    btrfs)
      btrfs check --readonly "$1" > /dev/null 2>&1
      # Beside the outputs: what the container's own files lie on may take set-user-ID away whenever they are opened.
      mkdir unpacked
      trap "rm -rf '$PWD/unpacked'" EXIT
      ln -s "$PWD/unpacked" /out
      btrfs restore --metadata --symlink --xattr "$1" /out > /dev/null 2>&1
      # It gives modes first; where this is not the host's root, writing takes set-user-ID. Once more, without writing.
      (cd /out && getfattr -R -h -d -m '^security.capability$' -e hex . > /tmp/capabilities 2> /dev/null)
      (
        trap '' XFSZ
        ulimit -f 0
        btrfs restore --metadata --overwrite --ignore-errors "$1" /out > /dev/null 2>&1
      ) || true
      (cd /out && setfattr -h --restore=/tmp/capabilities)
      ;;
    vfat)
      fsck.fat -n "$1" > /dev/null
      mcopy -s -i "$1" ::/ /out
      ;;
    *) echo "no file system that is known: $(blkid --probe "$1")" >&2; return 1 ;;
  esac
}
# debugfs leaves attributes behind when it copies a tree, and the bits above the permissions.
attributes() {
  find /out -path '*demo*' ! -type l -printf '/%P\\n' | while read -r name; do
    chmod "$(debugfs -R "stat \\"$name\\"" "$1" 2> /dev/null | sed -nE 's/.*Mode: +0?([0-7]+).*/\\1/p')" "/out$name"
    debugfs -R "ea_list \\"$name\\"" "$1" 2> /dev/null | sed -nE 's/^ *([a-z.]+) \\([0-9]+\\).*/\\1/p' | while read -r key; do
      debugfs -R "ea_get -f /tmp/value \\"$name\\" $key" "$1" > /dev/null 2>&1
      setfattr -n "$key" -v "0x$(od -An -v -tx1 /tmp/value | tr -d ' \\n')" "/out$name"
    done
  done
}
`;

/** `list FOLDER` prints every member with its kind, mode, owner, group, number of names, target; then the attributes. */
const LIST = `
list() (
  cd "$1"
  export LC_ALL=C
  find . -type d -printf '%P %y %m %U %G -\\n' -o -type l -printf '%P %y %m %U %G - %l\\n' -o -printf '%P %y %m %U %G %n\\n' | sort
  find . -print0 | sort -z | xargs -0 getfattr --no-dereference --dump --match='^(user|security)\\.' --encoding=hex |
    grep -vE '^(user.overlay|security.selinux|$)' || true
)
`;

export const UNPACKING = `${PARTITION}${UNPACK}${LIST}`;
