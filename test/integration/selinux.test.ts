import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addFiles, caisson, project, remove, succeed } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { inTools } from "../support/in-tools.ts";

/** The real policy of Debian, which its package compiles where it is installed. */
const configuration = (format: string, more = "") =>
  [
    ...["[Distribution]", "Distribution=debian", "Release=trixie", "[Output]", `Format=${format}`, "CompressOutput=no"],
    ...["[Content]", "Bootable=no", "Packages=selinux-policy-default policycoreutils passwd", more, ""],
  ].join("\n");

const partition = (type: string, ...lines: string[]) => ["[Partition]", `Type=${type}`, ...lines, ""].join("\n");
const definitions = {
  "mkosi.repart/10-ext4.conf": partition("root", "Format=ext4", "CopyFiles=/", "Minimize=guess"),
  "mkosi.repart/20-erofs.conf": partition("usr", "Format=erofs", "CopyFiles=/usr:/", "Minimize=best"),
  "mkosi.repart/30-squashfs.conf": partition("home", "Format=squashfs", "CopyFiles=/etc:/", "Minimize=best"),
};

const LABEL = "SCHILY.xattr.security.selinux";
const KINDS: Record<string, string> = { file: "file", directory: "dir", symlink: "link" };

let folder: string;
beforeAll(async () => {
  folder = await project({ "mkosi.conf": configuration("tar") });
});
afterAll(() => remove(folder));

const run = (script: string) => withEngine((engine) => inTools(engine, folder, `export LC_ALL=C.UTF-8\n${script}`));

interface Labelled {
  kind: string;
  label: string | undefined;
}

/** What the archive says of every file, by absolute path. */
async function labels(file: string): Promise<Map<string, Labelled>> {
  const found = new Map<string, Labelled>();
  const unpack = extract();
  unpack.on("entry", ({ name, type, pax }, stream, next) => {
    const path = `/${name.replace(/^\.\//, "").replace(/\/$/, "")}`;
    const label = (pax as Record<string, string> | null)?.[LABEL]?.replace(/\0$/, "");
    if (type !== "link") found.set(path, { kind: KINDS[type ?? ""] ?? "", label });
    stream.resume();
    stream.on("end", next);
  });
  await pipeline(createReadStream(file), unpack);
  return found;
}

describe("tar", () => {
  let found: Map<string, Labelled>;
  beforeAll(async () => {
    await succeed(folder, ["-f", "build"]);
    found = await labels(join(folder, "image.tar"));
  });

  test.each([
    ["/", "root_t"],
    ["/etc/shadow", "shadow_t"],
    ["/etc/passwd", "etc_t"],
    ["/usr/bin/passwd", "passwd_exec_t"],
    ["/usr/bin/bash", "shell_exec_t"],
    ["/var/log", "var_log_t"],
    ["/bin", "bin_t"],
  ])("%s is %s", (path, type) => {
    expect(found.get(path)?.label).toBe(`system_u:object_r:${type}:s0`);
  });

  test("200 files have the labels that selabel_lookup(8) finds in the image's policy", async () => {
    const all = [...found].filter(([path, { kind }]) => kind !== "" && !/[^\w./+-]/.test(path));
    const sample = all.filter((_, index) => index % Math.floor(all.length / 200) === 0).slice(0, 200);
    expect(sample.length).toBe(200);
    const contexts = "etc/selinux/default/contexts/files";
    const look = sample.map(([path, { kind }]) => `look ${kind} ${path}`).join("\n");
    const text = await run(`
      tar -xf image.tar ${contexts}
      look() { selabel_lookup -b file -f ${contexts}/file_contexts -t "$1" -k "$2" 2>&1 | sed 's/^Default context: //'; }
      ${look}`);
    const expected = text.trimEnd().split("\n");
    expect(sample.map(([, { label }]) => label)).toEqual(expected);
  });
});

test("filesystems of a disk", async () => {
  await addFiles(folder, { ...definitions, "mkosi.conf": configuration("disk") });
  await succeed(folder, ["-f", "build"]);
  const text = await run(`
    sfdisk --json image.raw > disk.json
    python3 - <<'END'
import json
disk = open("image.raw", "rb")
for number, part in enumerate(json.load(open("disk.json"))["partitiontable"]["partitions"]):
    disk.seek(part["start"] * 512)
    open("part.%d" % number, "wb").write(disk.read(part["size"] * 512))
END
    e2fsck -fn part.0 2>&1
    for path in / /etc/shadow /usr/bin/passwd /bin; do debugfs -R "ea_get $path security.selinux" part.0 2>&1; done
    fsck.erofs part.1
    dump.erofs --path=/bin/passwd part.1 | grep 'Xattr size'
    unsquashfs -quiet -no-progress -dest squashfs part.2 shadow passwd
    getfattr --absolute-names --only-values -n security.selinux squashfs squashfs/shadow 2>&1 || true`);
  // The root of the disk has no /usr, over which the second partition is mounted.
  const ext4 = [...text.matchAll(/security\.selinux \(\d+\) = "([^"]*)\\000"/g)].map(([, label]) => label);
  expect(ext4).toEqual(["root_t", "shadow_t", "bin_t"].map((type) => `system_u:object_r:${type}:s0`));
  expect(text).toMatch(/Xattr size: [1-9]/);
});

test("SELinuxRelabel=no", async () => {
  await addFiles(folder, { "mkosi.conf": configuration("tar", "SELinuxRelabel=no") });
  await succeed(folder, ["-f", "build"]);
  const all = [...(await labels(join(folder, "image.tar"))).values()];
  expect(all.filter(({ label }) => label !== undefined)).toEqual([]);
});

test("SELinuxRelabel=yes without a policy", async () => {
  const bare = {
    "mkosi.conf":
      "[Content]\nBaseTrees=base\nBootable=no\nSELinuxRelabel=yes\n[Output]\nFormat=tar\n[Distribution]\nDistribution=debian\nRelease=trixie\n",
  };
  const other = await project({ ...bare, "base/usr/lib/os-release": "ID=debian\nVERSION_ID=13\n" });
  const { code, error } = await caisson(other, ["-f", "build"]);
  await remove(other);
  expect({ code, error: error?.code, message: error?.message, hint: error?.hint }).toEqual({
    code: 1,
    error: "selinux-policy-missing",
    message: "main: SELinuxRelabel=yes, and the image has no /etc/selinux/config",
    hint: "add the distribution's policy to Packages=, such as selinux-policy-default on Debian",
  });
});
