import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addFiles, project, remove, succeed } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { ACL, CAPABILITY, DEFAULT_ACL, HOSTILE, writeHostileTar } from "../support/hostile-tree.ts";
import { inTools } from "../support/in-tools.ts";

const EPOCH = 1_600_000_000;

const partition = (type: string, ...lines: string[]) => ["[Partition]", `Type=${type}`, ...lines, ""].join("\n");
/** What neither a prototype file of XFS nor FAT can hold. */
const EVEN = `ExcludeFiles=/${HOSTILE}/odd`;

/** Each filesystem has the same content, as far as it can hold it; of a partition type of its own. */
const definitions = {
  "mkosi.repart/10-ext4.conf": partition("root", "Format=ext4", `CopyFiles=/${HOSTILE}:/`, "Minimize=guess"),
  "mkosi.repart/20-erofs.conf": partition(
    "usr",
    ...["Format=erofs", `CopyFiles=/${HOSTILE}:/`, `ExcludeFiles=/${HOSTILE}/nodes/`, "Minimize=best"],
  ),
  // fsck.erofs, which unpacks, may not make nodes.
  "mkosi.repart/25-nodes.conf": partition(
    "linux-generic",
    "Format=erofs",
    `CopyFiles=/${HOSTILE}/nodes:/`,
    "SizeMinBytes=1M",
    "SizeMaxBytes=2M",
  ),
  "mkosi.repart/30-squashfs.conf": partition("home", "Format=squashfs", `CopyFiles=/${HOSTILE}:/`, "Minimize=best"),
  "mkosi.repart/40-btrfs.conf": partition(
    "srv",
    ...["Format=btrfs", `CopyFiles=/${HOSTILE}:/`, `ExcludeFiles=/${HOSTILE}/nodes/`, "Minimize=guess"],
    ...["MakeDirectories=/volume", "Subvolumes=/volume"],
  ),
  "mkosi.repart/50-xfs.conf": partition("var", "Format=xfs", `CopyFiles=/${HOSTILE}:/`, EVEN, "Minimize=guess"),
  "mkosi.repart/60-vfat.conf": partition("tmp", "Format=vfat", `CopyFiles=/${HOSTILE}:/`, EVEN, "SizeMinBytes=64M"),
};

const configuration = (format: string) =>
  [
    ...["[Distribution]", "Distribution=debian", "Release=trixie", "[Output]", `Format=${format}`, "CompressOutput=no"],
    ...["[Content]", "Bootable=no", "BaseTrees=base.tar", `SourceDateEpoch=${EPOCH}`, ""],
  ].join("\n");

let folder: string;
beforeAll(async () => {
  folder = await project({ ...definitions, "mkosi.conf": configuration("disk") });
  await writeHostileTar(join(folder, "base.tar"));
});
afterAll(async () => {
  // A directory has the owners of the image, whom a user is none of.
  await run("rm -rf image");
  await remove(folder);
});

const run = (script: string) =>
  withEngine((engine) => inTools(engine, folder, `export LC_ALL=C.UTF-8\nrm -rf unpacked; mkdir unpacked\n${script}`));

/** Builds it, and once more from the tree on. */
async function buildTwice(output: string): Promise<void> {
  await succeed(folder, ["-f", "build"]);
  const first = await hash(join(folder, output));
  await rm(join(folder, output), { recursive: true });
  await succeed(folder, ["-f", "build"]);
  expect(await hash(join(folder, output))).toBe(first);
}

async function hash(file: string): Promise<string> {
  const sha256 = createHash("sha256");
  await pipeline(createReadStream(file), sha256);
  return sha256.digest("hex");
}

/** What find(1) prints of an unpacked copy: permissions, owner, number of names, time, target. Ends of lines in names are `~`. */
const LIST = `list() { (cd "$1" && find . -printf '%P %y %m %U %G %n %T@ %l\\0' | sort -z | tr '\\n\\0' '~\\n' | sed 's/\\.0000000000//'); }`;

/** The lines of the names below `plain` that all filesystems with owners have. */
const PLAIN = [
  "plain d 755 0 0",
  "plain/-dash f 644 0 0",
  "plain/capable f 755 0 0",
  "plain/early f 644 60000 0",
  "plain/fifo p 644 0 0",
  "plain/large f 644 0 0",
  "plain/listed f 660 0 0",
  "plain/setuid f 4755 1234 5678",
  "plain/shared d 755 0 0",
  "plain/sp ace f 644 0 0",
  "plain/sticky d 1777 0 0",
  "plain/ä f 644 0 0",
];

const NAMED = ["noted", "capable", "listed", "shared"].map((name) => `unpacked/plain/${name}`).join(" ");
const GETFATTR = `getfattr --encoding=hex --absolute-names -d -m - ${NAMED}`;
const hex = (data: Buffer) => data.toString("hex");

describe("filesystems of a disk", () => {
  beforeAll(async () => {
    await addFiles(folder, { "mkosi.conf": configuration("disk") });
    await succeed(folder, ["-f", "build"]);
    await run(`
      sfdisk --json image.raw > disk.json
      python3 - <<'END'
import json
disk = open("image.raw", "rb")
for number, part in enumerate(json.load(open("disk.json"))["partitiontable"]["partitions"]):
    name = ["ext4", "erofs", "nodes", "squashfs", "btrfs", "xfs", "vfat"][number]
    disk.seek(part["start"] * 512)
    open("part." + name, "wb").write(disk.read(part["size"] * 512))
END`);
  });

  test("the disk has the same bytes when it is written again", async () => {
    const first = await hash(join(folder, "image.raw"));
    await rm(join(folder, "image.raw"));
    await succeed(folder, ["-f", "build"]);
    expect(await hash(join(folder, "image.raw"))).toBe(first);
  });

  test("ext4", async () => {
    const stats = ["/nodes/null", "/nodes/disk", "/plain/first", "/plain/setuid", "/plain/sticky", "/plain/early", "/"];
    const script = ["rdump / unpacked", ...stats.map((path) => `stat ${path}`)];
    const text = await run(`
      e2fsck -fn part.ext4
      printf '%s\\n' ${script.map((line) => `'${line}'`).join(" ")} | debugfs -f - part.ext4 2>&1
      debugfs -R 'ea_get -x /plain/capable security.capability' part.ext4
      debugfs -R 'ea_get -x /plain/noted user.note' part.ext4
      debugfs -R 'ea_get -x /plain/listed system.posix_acl_access' part.ext4
      debugfs -R 'ea_get -x /plain/shared system.posix_acl_default' part.ext4
      ${LIST}; list unpacked; cmp unpacked/plain/first unpacked/plain/second`);
    // Unpacked without pipes, and without the bits of setuid and sticky.
    for (const line of PLAIN.filter((each) => / [df] \d{3} /.test(each))) expect(text).toContain(`${line} `);
    expect(text).toMatch(/Mode: +04755 [\s\S]*?User: +1234 +Group: +5678/);
    expect(text).toMatch(/Mode: +01777 /);
    expect(text).toMatch(/mtime: 0x00003039/);
    expect(text).toContain("Device major/minor number: 01:03");
    expect(text).toContain("Device major/minor number: 08:260");
    // On disk the ids of nobody have no place; debugfs shows a zero.
    const acls = [ACL, DEFAULT_ACL].map((acl) => hex(acl).replaceAll("f".repeat(8), "0".repeat(8)));
    for (const value of [hex(CAPABILITY), hex(Buffer.from("two\nlines")), ...acls])
      expect(text.replace(/\s/g, "")).toContain(value);
    expect(text).toContain("Links: 2");
    expect(text).toMatch(/Mode: +0751 [\s\S]*User: +7 +Group: +8/);
    for (const name of ["line~end", 'quo"te', "back\\slash", "star*?"]) expect(text).toContain(`odd/${name} f 644`);
  });

  test("erofs", async () => {
    const text = await run(`
      fsck.erofs --extract=unpacked --force --overwrite --preserve --xattrs part.erofs
      ${LIST}; list unpacked
      ${GETFATTR}
      dump.erofs --path=/null part.nodes; dump.erofs --path=/disk part.nodes`);
    for (const line of PLAIN) expect(text).toContain(`${line} `);
    expect(text).toContain(" d 751 7 8 ");
    expect(text).toMatch(/plain\/early f 644 60000 0 1 12345 /);
    expect(text).toMatch(/plain\/second f 644 0 0 2 1000000000 /);
    expect(text).toMatch(/plain\/long-link l 777 0 0 1 1000000000 t{300}\n/);
    expect(text).toContain("odd/line~end f 644");
    expect(text).toContain(`system.posix_acl_access=0x${hex(ACL)}`);
    expect(text).toContain(`system.posix_acl_default=0x${hex(DEFAULT_ACL)}`);
    expect(text).toMatch(/char dev[\s\S]*block dev/);
  });

  test("squashfs", async () => {
    const text = await run(`
      unsquashfs -quiet -no-progress -force -excludes -dest unpacked part.squashfs nodes
      ${LIST}; list unpacked
      ${GETFATTR}
      unsquashfs -lln part.squashfs | grep /nodes/`);
    for (const line of PLAIN) expect(text).toContain(`${line} `);
    expect(text).toContain(" d 751 7 8 ");
    expect(text).toMatch(/plain\/early f 644 60000 0 1 12345 /);
    expect(text).toMatch(/plain\/second f 644 0 0 2 1000000000 /);
    expect(text).toContain(`security.capability=0x${hex(CAPABILITY)}`);
    expect(text).toContain(`user.note=0x${hex(Buffer.from("two\nlines"))}`);
    expect(text).toMatch(/crw-rw-rw- 0\/3 +1, +3 .*nodes\/null/);
    expect(text).toMatch(/brw-rw---- 0\/6 .*nodes\/disk/);
  });

  test("btrfs", async () => {
    const text = await run(`
      btrfs check part.btrfs 2>&1
      btrfs restore --metadata --symlinks --xattr part.btrfs unpacked 2>&1
      ${LIST}; list unpacked
      ${GETFATTR}
      btrfs inspect-internal dump-tree -t root part.btrfs | grep -i 'name:* volume'`);
    expect(text).toContain("no error found");
    // It restores neither pipes nor the bits of setuid and sticky.
    for (const line of PLAIN.filter((each) => / [df] \d{3} /.test(each))) expect(text).toContain(`${line} `);
    expect(text).toMatch(/plain\/early f 644 60000 0 1 12345 /);
    expect(text).toContain(`security.capability=0x${hex(CAPABILITY)}`);
    expect(text).toContain(`user.note=0x${hex(Buffer.from("two\nlines"))}`);
    expect(text).toContain(`system.posix_acl_access=0x${hex(ACL)}`);
    expect(text).toContain(`system.posix_acl_default=0x${hex(DEFAULT_ACL)}`);
    expect(text).toMatch(/name:? volume/);
  });

  test("xfs", async () => {
    const modes = ["setuid", "sticky", "early", "fifo"].map((name) => `-c 'path /plain/${name}' -c 'print core.mode'`);
    const text = await run(`
      xfs_repair -n part.xfs 2>&1
      xfs_db -x ${modes.join(" ")} -c 'path /' -c 'print core.mode core.uid core.gid' part.xfs
      xfs_db -x -c 'path /plain' -c ls part.xfs
      xfs_db -x -c 'path /nodes/disk' -c 'print core.mode u3.dev' part.xfs
      xfs_db -x -c 'path /plain/capable' -c 'print a' part.xfs
      xfs_db -x -c 'path /plain/noted' -c 'attr_get -u note' part.xfs
      for name in listed shared; do xfs_db -x -c "path /plain/$name" -c 'print core.mode a' part.xfs; done`);
    for (const mode of ["0104755", "041777", "0100644", "010644", "040751", "060660"])
      expect(text).toContain(`core.mode = ${mode}\n`);
    expect(text).toContain("core.uid = 7\ncore.gid = 8\n");
    expect(text).toMatch(/ 6 sp ace \(good\)/);
    expect(text).toContain("u3.dev = 0x200104");
    expect(text).toMatch(/name = "capability"\n.*value = "\\001\\000\\000\\002\\000 \\000/);
    expect(text).toContain("two\nlines");
    expect(text).toMatch(/name = "SGI_ACL_FILE"/);
    expect(text).toMatch(/name = "SGI_ACL_DEFAULT"/);
  });

  test("vfat", async () => {
    const text = await run(`
      fsck.vfat -n part.vfat
      mdir -b -/ -i part.vfat ::
      mtype -i part.vfat '::/plain/sp ace'
      mcopy -i part.vfat ::/plain/large large; sha256sum < large; rm large`);
    for (const name of ["-dash", "sp ace", "n".repeat(250), "sticky/"]) expect(text).toContain(`::/plain/${name}\n`);
    expect(text).toContain("content");
    const large = createHash("sha256").update(Buffer.alloc(5_000_001, "0123456789abcdef")).digest("hex");
    expect(text).toContain(large);
    expect(text).not.toContain("link");
  });
});

describe("archives", () => {
  test.each(["tar", "cpio"])("%s", async (format) => {
    await addFiles(folder, { "mkosi.conf": configuration(format) });
    await buildTwice(`image.${format}`);
    const unpack =
      format === "tar"
        ? "tar -x --acls --xattrs --xattrs-include='*' --warning=no-unknown-keyword -p -f ../image.tar --exclude=*/nodes/*"
        : "bsdtar -x -p -f ../image.cpio --exclude '*/nodes/*'";
    const text = await run(`
      (cd unpacked; ${unpack})
      ${LIST}; list unpacked/${HOSTILE}
      getfattr --encoding=hex --absolute-names -d -m - -R -P -h unpacked
      bsdtar -tvf image.${format}`);
    for (const line of PLAIN) expect(text).toContain(`${line} `);
    expect(text).toMatch(/plain\/early f 644 60000 0 1 12345 /);
    expect(text).toMatch(/plain\/second f 644 0 0 2 1000000000 /);
    expect(text).toContain("odd/line~end f 644");
    expect(text).toMatch(/crw-rw-rw- +\d 0 +3 +1,3 .*nodes\/null/);
    expect(text).toMatch(/brw-rw---- +\d 0 +6 +8,260 .*nodes\/disk/);
    const acls = [`system.posix_acl_access=0x${hex(ACL)}`, `system.posix_acl_default=0x${hex(DEFAULT_ACL)}`];
    const xattrs = [
      ...acls,
      `security.capability=0x${hex(CAPABILITY)}`,
      `user.note=0x${hex(Buffer.from("two\nlines"))}`,
    ];
    // A cpio archive has no place for them.
    for (const each of xattrs) expect(text.includes(each)).toBe(format === "tar");
    if (format !== "tar") return;
    // It passes over ACLs among the attributes, and reads them as text.
    const again = await run(
      `cd unpacked; bsdtar -x -p -f ../image.tar --exclude '*/nodes/*'; getfattr --encoding=hex -d -m - -R -P -h .`,
    );
    for (const each of acls) expect(again).toContain(each);
  });

  test("a directory", async () => {
    await addFiles(folder, {
      "mkosi.conf": configuration("directory").replace("[Content]", "[Content]\nRemoveFiles=/srv/hostile/nodes/*"),
    });
    await succeed(folder, ["-f", "build"]);
    const text = await run(`
      rmdir unpacked; ln -s image/${HOSTILE} unpacked
      ${LIST}; list unpacked/; ${GETFATTR}; rm unpacked`);
    for (const line of PLAIN) expect(text).toContain(`${line} `);
    for (const value of [ACL, DEFAULT_ACL, CAPABILITY]) expect(text).toContain(hex(value));
  });
});
