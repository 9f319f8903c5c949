import { execFileSync } from "node:child_process";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addFiles, caisson, names, project, remove, succeed } from "../support/caisson.ts";
import { type Member, readTar } from "../support/tar.ts";

/** A system small enough to be a test's: no package manager looks at it. */
const RELEASE = "ID=debian\nVERSION_ID=13\n";
const distribution = "[Distribution]\nDistribution=debian\nRelease=trixie\n";
const image = (content: string, output = "") =>
  `${distribution}[Output]\nFormat=tar\nCompressOutput=no\n${output}[Content]\nBootable=no\n${content}`;

let folder: string;
beforeAll(async () => {
  folder = await project({
    "base/usr/lib/os-release": RELEASE,
    "base/etc/kept": "from the base\n",
    "base/etc/changed": "from the base\n",
  });
  await chmod(join(folder, "base/etc"), 0o750);
  await symlink("/etc", join(folder, "base/settings"));
});
afterAll(() => remove(folder));

/** Builds with the files, and reads the tar that comes out. */
async function build(files: Record<string, string>): Promise<Map<string, Member>> {
  await addFiles(folder, files);
  await succeed(folder, ["-f", "build"]);
  return readTar(join(folder, "image.tar"));
}

describe("a folder as BaseTrees=", () => {
  test("the image is what the folder has, and what is copied over it", async () => {
    const members = await build({
      "mkosi.conf": image("BaseTrees=base\n"),
      "mkosi.extra/etc/changed": "changed\n",
      "mkosi.extra/settings/through-a-link": "here\n",
    });
    expect(members.get("etc/kept")).toMatchObject({ text: "from the base\n", uid: 0, gid: 0 });
    expect(members.get("etc/changed")?.text).toBe("changed\n");
    expect(members.get("settings")).toMatchObject({ type: "symlink", linkname: "/etc" });
    expect(members.get("etc/through-a-link")?.text).toBe("here\n");
    // A folder that is there already keeps its mode.
    expect(members.get("etc")?.mode).toBe(0o750);
    expect([...members.keys()].filter((name) => name.startsWith("var/lib/dpkg"))).toEqual([]);
  });

  test("with Overlay= the output is what differs from it", async () => {
    const members = await build({ "mkosi.conf": image("BaseTrees=base\n", "Overlay=yes\n") });
    expect([...members.keys()].filter((name) => name !== "").sort()).toEqual([
      "etc",
      "etc/changed",
      "etc/through-a-link",
    ]);
  });

  test("a changed owner, mode or byte makes the layer anew, and nothing else does", async () => {
    await addFiles(folder, { "mkosi.conf": image("BaseTrees=base\n") });
    const rebuilt = async () => {
      const { events } = await succeed(folder, ["-f", "build"]);
      return events.some((event) => event.type === "layer" && event.layer === "tree-1" && !event.cached);
    };
    await rebuilt();
    expect(await rebuilt()).toBe(false);
    execFileSync("touch", [join(folder, "base/etc/kept")]);
    expect(await rebuilt()).toBe(false);
    await chmod(join(folder, "base/etc/kept"), 0o600);
    expect(await rebuilt()).toBe(true);
  });
});

test("a folder that does not exist", async () => {
  await addFiles(folder, { "mkosi.conf": image("BaseTrees=nowhere\n") });
  const { code, error } = await caisson(folder, ["-f", "build"]);
  expect({ code, message: error?.message }).toEqual({
    code: 2,
    message: `mkosi.conf:9: BaseTrees= names ${folder}/nowhere, which does not exist, nor does an image before main make it`,
  });
});

describe("an image on another's", () => {
  let parts: string;
  beforeAll(async () => {
    parts = await project({
      "mkosi.conf": `${image("BaseTrees=%O/base\nExtraTrees=%O/side.tar:/srv\n", "OutputDirectory=out\n")}`,
      "mkosi.images/base/mkosi.conf": "[Output]\nFormat=directory\n[Content]\nBootable=no\nBaseTrees=../../root\n",
      "mkosi.images/side/mkosi.conf":
        "[Output]\nFormat=tar\nCompressOutput=no\n[Content]\nBootable=no\nBaseTrees=../../root\n",
      "root/usr/lib/os-release": RELEASE,
    });
    await mkdir(join(parts, "out"));
  });
  afterAll(() => remove(parts));

  test("a directory is a base of layers, which are not copied; a tar with a target is a file", async () => {
    const { events } = await succeed(parts, ["build"]);
    const copied = events.filter((event) => event.type === "step" && event.title === "Copying a base tree");
    expect(copied.map((event) => event.type === "step" && event.image)).not.toContain("main");
    const members = await readTar(join(parts, "out/image.tar"));
    expect(members.get("usr/lib/os-release")?.text).toContain("ID=debian");
    expect(members.get("srv")).toMatchObject({ type: "file", mode: 0o644 });
    expect(await names(join(parts, "out"))).toEqual(expect.arrayContaining(["base", "image.tar", "side.tar"]));
  });
});

describe("a disk image as BaseTrees=", () => {
  const kinds = ["ext4", "squashfs", "erofs", "btrfs", "xfs"];
  let disks: string;
  beforeAll(async () => {
    const images = kinds.flatMap((kind) => [
      [
        `mkosi.images/${kind}/mkosi.conf`,
        `[Output]\nFormat=disk\n[Content]\nBootable=no\nBaseTrees=../../owned.tar\nRepartDirectories=repart\n`,
      ],
      [
        `mkosi.images/${kind}/repart/root.conf`,
        `[Partition]\nType=root\nFormat=${kind}\nCopyFiles=/\n${kind === "xfs" || kind === "btrfs" ? "SizeMinBytes=400M\n" : "Minimize=best\n"}`,
      ],
      [
        `mkosi.images/on-${kind}/mkosi.conf`,
        `[Config]\nDependencies=${kind}\n[Output]\nFormat=tar\nCompressOutput=no\n[Content]\nBootable=no\nBaseTrees=%O/${kind}.raw\n`,
      ],
    ]);
    disks = await project({
      "mkosi.conf": image("BaseTrees=%O/on-ext4.tar\n", "OutputDirectory=out\n"),
      ...Object.fromEntries(images),
    });
    await mkdir(join(disks, "out"));
    await makeTar(
      join(disks, "owned.tar"),
      [
        'add("usr/lib/os-release", data=b"ID=debian\\n")',
        'add("usr/bin/owned", data=b"content", uid=1000, gid=33, mode=0o4751)',
        'add("usr/bin/second", type=tarfile.LNKTYPE, linkname="usr/bin/owned")',
        'add("etc/link", type=tarfile.SYMTYPE, linkname="/nowhere", uid=7)',
        'add("etc/of two words", data=b"in", mode=0o600)',
        't.addfile(tarfile.TarInfo("etc/raw\\udcff"))',
      ].join("\n"),
    );
    await succeed(disks, ["build"]);
  });
  afterAll(() => remove(disks));

  test.each(kinds)("%s", async (kind) => {
    const members = await readTar(join(disks, `out/on-${kind}.tar`));
    expect(members.get("usr/bin/owned")).toMatchObject({ uid: 1000, gid: 33, mode: 0o4751, text: "content" });
    expect(members.get("etc/link")).toMatchObject({ type: "symlink", linkname: "/nowhere", uid: 7 });
    expect(members.get("etc/of two words")).toMatchObject({ mode: 0o600, text: "in" });
    expect([...members.keys()].filter((name) => /^etc\/raw/.test(name))).toHaveLength(1);
    // btrfs-restore makes a copy of it, and so does mkfs.xfs.
    expect(members.get("usr/bin/second")?.type).toBe(["btrfs", "xfs"].includes(kind) ? "file" : "link");
    expect(members.has("lost+found")).toBe(false);
  });
});

describe("hostile trees", () => {
  const tar = (name: string, script: string) => makeTar(join(folder, name), script);

  test("a tar with links that lead out, and names that begin at the root", async () => {
    await tar(
      "hostile.tar",
      [
        'add("usr/lib/os-release", data=b"ID=debian\\n")',
        'add("etc", type=tarfile.DIRTYPE, mode=0o755)',
        'add("out", type=tarfile.SYMTYPE, linkname="/etc")',
        'add("out/inside", data=b"in")',
        'add("up", type=tarfile.SYMTYPE, linkname="../../../..")',
        'add("up/at-root", data=b"in")',
        'add("/absolute/file", data=b"in")',
        'add("hard", type=tarfile.LNKTYPE, linkname="etc/inside")',
        'add("dev/null", type=tarfile.CHRTYPE, mode=0o666, devmajor=1, devminor=3)',
        'add("dev/sd[a]*", type=tarfile.BLKTYPE, mode=0o660, gid=6, devmajor=8, devminor=300)',
        'add("owned", data=b"", uid=1000, gid=33, mode=0o4751)',
        'add("pipe", type=tarfile.FIFOTYPE)',
        'add("new\\nline", data=b"in")',
        't.addfile(tarfile.TarInfo("raw\\udcff"))',
      ].join("\n"),
    );
    await addFiles(folder, { "mkosi.conf": image("BaseTrees=hostile.tar\n") });
    await remove(join(folder, "mkosi.extra"));
    await succeed(folder, ["-f", "build"]);
    const members = await readTar(join(folder, "image.tar"));
    expect(members.get("etc/inside")?.text).toBe("in");
    expect(members.get("at-root")?.text).toBe("in");
    expect(members.get("absolute/file")?.text).toBe("in");
    expect(members.get("dev/null")).toMatchObject({ type: "character-device", mode: 0o666, devmajor: 1, devminor: 3 });
    expect(members.get("dev/sd[a]*")).toMatchObject({ type: "block-device", gid: 6, devmajor: 8, devminor: 300 });
    expect(members.get("owned")).toMatchObject({ uid: 1000, gid: 33, mode: 0o4751 });
    expect(members.get("pipe")?.type).toBe("fifo");
    expect(members.get("new\nline")?.text).toBe("in");
    const links = [...members.values()]
      .filter(({ type }) => type === "link")
      .map(({ name }) => name.replace(/^\.\//, ""));
    expect(links).toEqual(["hard"]);
  });

  test("a tar with `..` is refused", async () => {
    await tar("up.tar", 'add("usr/../../x", data=b"evil")');
    await addFiles(folder, { "mkosi.conf": image("BaseTrees=up.tar\n") });
    const { code, error } = await caisson(folder, ["-f", "build"]);
    expect({ code, id: error?.code, message: error?.message }).toEqual({
      code: 1,
      id: "tree-invalid",
      message:
        "a tree of BaseTrees= cannot be copied into the image: it has the name usr/../../x, which leads out of the image",
    });
  });

  test("names, links, holes and attributes of mkosi.extra", async () => {
    const files = join(folder, "mkosi.extra");
    await addFiles(folder, { "mkosi.conf": image("BaseTrees=base\n"), "mkosi.extra/a\nb": "x", "mkosi.extra/-C": "x" });
    execFileSync("bash", ["-c", HOSTILE_EXTRA], { cwd: files });
    const start = Date.now();
    const { events } = await succeed(folder, ["--format=directory", "--output=tree", "-f", "build"]);
    // A terabyte of zeros takes longer to read.
    expect(Date.now() - start).toBeLessThan(200_000);
    expect(events.flatMap((event) => (event.type === "notice" ? event.message : []))).toEqual([
      "mkosi.extra: socket is a socket, which is not copied",
    ]);
    const shown = execFileSync("bash", ["-c", SHOW], { cwd: join(folder, "tree") }).toString();
    expect(shown.split("\n").sort()).toEqual(
      ["", "-C 644", "a?b 644", "big 644 1099511627776 few", "bad? 644", "fifo 644", "hard 2", "suid 4755 1"].sort(),
    );
  });
});

/** Python writes what no tool would. */
async function makeTar(file: string, script: string): Promise<void> {
  const text = `import tarfile, io\nt = tarfile.open("${file}", "w")\n${PYTHON}${script}\nt.close()\n`;
  await writeFile(`${file}.py`, text);
  execFileSync("python3", [`${file}.py`]);
}

const PYTHON = [
  "def add(name, data=b'', **fields):",
  "    entry = tarfile.TarInfo(name)",
  "    for key, value in fields.items(): setattr(entry, key, value)",
  "    entry.size = len(data)",
  "    t.addfile(entry, io.BytesIO(data))",
  "",
].join("\n");

const HOSTILE_EXTRA = [
  "truncate -s 200M $'bad\\xff'; mkfifo fifo; truncate -s 1T big; cp /bin/true suid; chmod 4755 suid; ln -f suid hard",
  'python3 -c \'import os; os.setxattr("suid", "user.test", b"1")\'; chmod 644 ./*b ./-C big bad* fifo',
  "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"socket\")'",
].join("\n");

const SHOW = [
  "stat -c '%n %a' -- ./-C ./a* ./bad* fifo | sed 's,^./,,' | tr '\\377' '?' | sed -z 's/a\\nb/a?b/'",
  "blocks=$(stat -c %b big); stat -c '%n %a %s' big | tr '\\n' ' '; ((blocks < 100)) && echo few",
  "stat -c 'hard %h' hard",
  "stat -c '%n %a' suid | tr '\\n' ' '; python3 -c 'import os; print(os.getxattr(\"suid\", \"user.test\").decode())'",
].join("\n");
