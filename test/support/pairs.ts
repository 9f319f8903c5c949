/**
 * Pairs of outputs that differ in one thing each. The script makes them in the tools container, one of each in `a/`
 * and in `b/`, under the name of what differs.
 */
export const makePairs = `
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1700000000 E2FSPROGS_FAKE_TIME=1700000000
case $(uname -m) in aarch64) EFI=aa64;; *) EFI=x64;; esac
STUB=/usr/lib/systemd/boot/efi/linux$EFI.efi.stub
ID=11111111-2222-3333-4444-555555555555
mkdir -p a b tree/etc tree/var/lib/dpkg tree/usr/bin
echo hello > tree/etc/motd
echo note > tree/etc/note
ln -s motd tree/etc/link
head -c 300000 /dev/zero | tr '\\0' x > tree/usr/bin/program
printf 'Package: bash\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 5.1-1\\n\\n' > tree/var/lib/dpkg/status

# Makes $2 from $1 with a command in it, and gives everything the same time.
variant() { rm -rf "$2"; cp -a "$1" "$2"; (cd "$2"; eval "$3"); find tree "$2" -exec touch -h -d @1600000000 {} +; }
find tree -exec touch -h -d @1600000000 {} +

ext4() { rm -f "$2"; truncate -s 16M "$2"; mkfs.ext4 -q -b 1024 -d "$1" -U $ID -E hash_seed=$ID "$2"; }
erofs() { mkfs.erofs --quiet -T0 --all-time -zlz4hc -U $ID "$2" "$1" > /dev/null; }
squashfs() { mksquashfs "$1" "$2" -quiet -no-progress -noappend > /dev/null; }
btrfs() { rm -f "$2"; truncate -s 128M "$2"; mkfs.btrfs -q -U $ID --rootdir "$1" "$2"; }
xfs() { printf '%s\\n' / 0 0 'd--755 0 0' "etc d--755 0 0" "motd ---\${3} 0 0 $1/etc/motd" '$' '$' > proto; rm -f "$2"; truncate -s 300M "$2"; LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1) FAKETIME="2023-11-14 22:13:20" mkfs.xfs -q -m uuid=$ID -p proto "$2"; }
vfat() { rm -f "$2"; truncate -s 4M "$2"; mkfs.vfat --invariant -i 12345678 "$2" > /dev/null; mmd -i "$2" ::EFI; mcopy -m -i "$2" "$1/etc/motd" "::EFI/A long name.conf"; }
pack() { tar --create --file="$2" --sort=name --owner=0 --group=0 --numeric-owner --directory="$1" .; }
initrd() { (cd "$1"; find . | sort | cpio --quiet --reproducible -o -H newc -R 0:0) | zstd -q > "$2"; }
uki() { ukify build --linux=$STUB --initrd="$1" --cmdline="$2" --uname=6.0 --os-release=ID=x --output="$3" > /dev/null 2>&1; }
disk() { rm -f "$2"; truncate -s 32M "$2"; printf 'label: gpt\\nlabel-id: %s\\nstart=2048, size=16M, type=linux, uuid=%s, name=root\\n' $ID $ID | sfdisk -q "$2"; dd if="$1" of="$2" bs=1M seek=1 conv=notrunc status=none; }
same() { cp --sparse=always "a/$1" "b/$1"; }

ext4 tree root.ext4
disk root.ext4 a/disk-id; same disk-id; sfdisk -q --disk-id b/disk-id 99999999-2222-3333-4444-555555555555
disk root.ext4 a/partition-id; same partition-id; sfdisk -q --part-uuid b/partition-id 1 99999999-2222-3333-4444-555555555555
disk root.ext4 a/partition-attributes; same partition-attributes; sfdisk -q --part-attrs b/partition-attributes 1 GUID:60
for change in 'mode 0100600' 'uid 5' 'mtime 1500000000' 'ctime 1500000000'; do
  name=ext4-\${change% *}; cp root.ext4 $name; debugfs -w -R "set_inode_field /etc/motd $change" $name 2> /dev/null
  disk root.ext4 a/$name; disk $name b/$name
done
cp root.ext4 a/ext4-xattr; cp root.ext4 b/ext4-xattr; debugfs -w -R 'ea_set /etc/motd user.note new' b/ext4-xattr 2> /dev/null
cp root.ext4 a/ext4-uuid; cp root.ext4 b/ext4-uuid; debugfs -w -R 'set_super_value uuid 99999999-2222-3333-4444-555555555555' b/ext4-uuid 2> /dev/null
cp root.ext4 a/ext4-written; cp root.ext4 b/ext4-written; debugfs -w -R 'set_super_value kbytes_written 77' b/ext4-written 2> /dev/null
cp root.ext4 a/ext4-journal; cp root.ext4 b/ext4-journal; JOURNAL=$(debugfs -R 'blocks <8>' root.ext4 2> /dev/null | cut -d' ' -f9)
printf x | dd of=b/ext4-journal bs=1 seek=$((JOURNAL * 1024 + 7)) conv=notrunc status=none
BLOCK=$(debugfs -R 'blocks /etc/motd' root.ext4 2> /dev/null | tr -d ' '); cp root.ext4 a/ext4-rest; cp root.ext4 b/ext4-rest
printf x | dd of=b/ext4-rest bs=1 seek=$((BLOCK * 1024 + 100)) conv=notrunc status=none
variant tree content 'echo hallo > etc/motd'
variant tree package 'sed -i s/5.1-1/5.1-2/ var/lib/dpkg/status'
variant tree mode 'chmod 600 etc/motd'
variant tree owner 'chown 5:6 etc/motd'
variant tree gone 'rm -r usr'
variant tree target 'ln -sf note etc/link'
for made in content package; do ext4 tree a/ext4-$made; ext4 $made b/ext4-$made; done
for fs in erofs squashfs btrfs vfat; do $fs tree a/$fs-content; $fs content b/$fs-content; done
for fs in erofs squashfs btrfs; do $fs tree a/$fs-mode; $fs mode b/$fs-mode; done
xfs tree a/xfs-content 644; xfs content b/xfs-content 644
xfs tree a/xfs-mode 644; xfs tree b/xfs-mode 600
for made in owner gone target; do pack tree a/tar-$made.tar; tar --create --file=b/tar-$made.tar --sort=name --numeric-owner --directory=$made .; done
pack tree tree.tar
tar --create --file=a/tar-owner.tar --sort=name --numeric-owner --directory=tree .
cp a/tar-owner.tar a/tar-gone.tar; cp a/tar-owner.tar a/tar-target.tar
(cd tree; tar --create --file=../a/tar-order.tar --no-recursion ./etc ./etc/link ./etc/motd; tar --create --file=../b/tar-order.tar --no-recursion ./etc ./etc/motd ./etc/link)
gzip -n -1 < tree.tar > a/gzip-level.gz; gzip -n -9 < tree.tar > b/gzip-level.gz
pack content content.tar; zstd -q -o a/zstd.tar.zst tree.tar; zstd -q -o b/zstd.tar.zst content.tar; xz -k -c tree.tar > a/xz.tar.xz; xz -k -c content.tar > b/xz.tar.xz
initrd tree one.cpio.zst; initrd content two.cpio.zst
uki one.cpio.zst 'root=a quiet' a/uki-cmdline.efi; uki one.cpio.zst 'root=b quiet' b/uki-cmdline.efi
(cat one.cpio.zst; printf '\\0\\0\\0\\0'; cat one.cpio.zst) > row.a; (cat one.cpio.zst; printf '\\0\\0\\0\\0'; cat two.cpio.zst) > row.b; uki row.a quiet a/uki-row.efi; uki row.b quiet b/uki-row.efi
head -c 40 one.cpio.zst > a/damaged.zst; (head -c 40 one.cpio.zst; printf xyz) > b/damaged.zst
uki one.cpio.zst quiet a/uki-initrd.efi; uki two.cpio.zst quiet b/uki-initrd.efi
(cd tree; find . | sort | cpio --quiet --reproducible -o -H newc -R 0:0) > a/cpio-owner; (cd tree; find . | sort | cpio --quiet --reproducible -o -H newc -R 7:0) > b/cpio-owner
mkdir -p package/DEBIAN package/etc; printf 'Package: p\\nVersion: 1\\nArchitecture: all\\nMaintainer: m <m@example.org>\\nDescription: d\\n' > package/DEBIAN/control
echo one > package/etc/p; dpkg-deb --root-owner-group -b package a/package.deb > /dev/null; echo two > package/etc/p; dpkg-deb --root-owner-group -b package b/package.deb > /dev/null
qemu-img convert -O qcow2 root.ext4 a/disk.qcow2; qemu-img convert -O qcow2 b/ext4-uuid b/disk.qcow2
python3 - <<'END'
import sqlite3, struct, os
def header(name, version):
    strings = [(1000, name), (1001, version), (1002, "1.fc40"), (1022, "x86_64")]
    index, store = b"", b""
    for tag, text in strings:
        index += struct.pack(">IIII", tag, 6, len(store), 1)
        store += text.encode() + b"\\0"
    return struct.pack(">II", len(strings), len(store)) + index + store
for side, version in (("a", "5.2"), ("b", "5.3")):
    folder = f"rpm-{side}/usr/lib/sysimage/rpm"
    os.makedirs(folder)
    database = sqlite3.connect(f"{folder}/rpmdb.sqlite")
    database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
    database.execute("INSERT INTO Packages VALUES (1, ?)", (header("bash", version),))
    database.execute("INSERT INTO Packages VALUES (2, ?)", (header("zlib", "1"),))
    database.commit()
END
for side in a b; do find rpm-$side -exec touch -d @1600000000 {} +; pack rpm-$side $side/rpm.tar; done
touch -d @1600000000 a b a/* b/*
`;
