/** Shell functions for `inTools`, which take disks and unified kernel images apart. */

/** `partition DISK NUMBER OUTPUT`: the content of a partition, counted from 1. */
export const partition = `
partition() {
  set -- "$1" "$3" $(sfdisk --json "$1" | jq -r --argjson number "$2" \\
    '.partitiontable | (.sectorsize // 512) as $size | .partitions[$number - 1] | "\\(.start * $size) \\(.size * $size)"')
  dd if="$1" of="$2" bs=65536 iflag=skip_bytes,count_bytes skip="$3" count="$4" status=none
}
`;

/** `esp DISK FOLDER`: the files of the first partition, a vfat. */
export const esp = `${partition}
esp() {
  partition "$1" 1 /tmp/esp
  mkdir -p "$2"
  MTOOLS_SKIP_CHECK=1 mcopy -nops -i /tmp/esp ::/ "$2"
}
`;

/** `section FILE NAME OUTPUT`: one section of a PE file. */
export const section = `
section() {
  python3 - "$1" "$2" > "$3" <<'END'
import pefile, sys
for section in pefile.PE(sys.argv[1], fast_load=True).sections:
    if section.Name.rstrip(b"\\0").decode() == sys.argv[2]:
        sys.stdout.buffer.write(section.get_data(length=min(section.Misc_VirtualSize, section.SizeOfRawData)))
END
}
`;

/** `verity DISK DATA HASH SIGNATURE`: checks partitions by their numbers, and the signature by mkosi.crt; prints the root hash. */
export const verity = `${partition}
verity() {
  partition "$1" "$2" /tmp/data
  partition "$1" "$3" /tmp/hash
  partition "$1" "$4" /tmp/signature
  tr -d '\\0' < /tmp/signature > /tmp/signature.json
  root=$(jq -r .rootHash /tmp/signature.json)
  veritysetup verify /tmp/data /tmp/hash "$root"
  jq -r .signature /tmp/signature.json | base64 -d > /tmp/signature.p7
  printf %s "$root" > /tmp/root
  openssl smime -verify -inform DER -in /tmp/signature.p7 -content /tmp/root -binary -nointern -noverify \\
    -certfile mkosi.crt -out /dev/null
  echo "$root"
}
`;
