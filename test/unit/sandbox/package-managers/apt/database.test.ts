import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { databaseList, databaseName, writeDatabase } from "../../../../../sandbox/package-managers/apt/database.ts";

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-database-"));
  root = join(folder, "root");
});
afterEach(() => rm(folder, { recursive: true }));

const admin = (name: string) => readFile(join(root, "var/lib/dpkg", name), "latin1");

/** A package as `dpkg-deb --control` and tar leave it. */
async function unpacked(name: string, control: Record<string, string>, list = "./\n") {
  const paths = { control: join(folder, name), list: join(folder, `${name}.list`) };
  await mkdir(paths.control);
  for (const [file, text] of Object.entries(control)) await writeFile(join(paths.control, file), text);
  await writeFile(paths.list, list, "latin1");
  return paths;
}

async function inTree(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

test.each([
  ["Package: bash\nArchitecture: amd64\n", "bash"],
  ["Package: libc6\nArchitecture: amd64\nMulti-Arch: same\n", "libc6:amd64"],
  ["package: libc6\narchitecture:arm64\nmulti-arch:  same", "libc6:arm64"],
  ["Package: make\nArchitecture: amd64\nMulti-Arch: allowed\n", "make"],
  ["Package: data\nArchitecture: all\nMulti-Arch: foreign\n", "data"],
])("name of %j", (stanza, name) => {
  expect(databaseName(stanza)).toBe(name);
});

test.each([
  ["", ""],
  ["./\n", "/.\n"],
  ["./\n./usr/\n./usr/bin/\n./usr/bin/a b\n", "/.\n/usr\n/usr/bin\n/usr/bin/a b\n"],
  ["usr/share/x\n", "/usr/share/x\n"],
])("list of %j", (names, list) => {
  expect(databaseList(names)).toBe(list);
});

test("packages are entered as unpacked, with their control files and lists", async () => {
  const control = "Package: libc6\nArchitecture: amd64\nMulti-Arch: same\nVersion: 2.41\nDescription: C\n library\n\n";
  const libc = await unpacked("libc6", { control, postinst: "#!/bin/sh\n" }, "./\n./usr/\n./usr/caf\xe9\n");
  const bash = await unpacked("bash", { control: "Package: bash\nArchitecture: amd64\nVersion: 5.2\n" });
  expect(await writeDatabase(root, [libc, bash])).toEqual(["libc6:amd64", "bash"]);
  expect(await admin("status")).toBe(
    [
      "Package: libc6",
      "Status: install ok unpacked",
      "Architecture: amd64",
      "Multi-Arch: same",
      "Version: 2.41",
      "Description: C",
      " library",
      "",
      "Package: bash",
      "Status: install ok unpacked",
      "Architecture: amd64",
      "Version: 5.2",
      "",
    ].join("\n"),
  );
  expect(await admin("info/libc6:amd64.list")).toBe("/.\n/usr\n/usr/caf\xe9\n");
  expect(await admin("info/libc6:amd64.postinst")).toBe("#!/bin/sh\n");
  expect(await admin("info/format")).toBe("1\n");
  await expect(admin("info/bash.control")).rejects.toThrow("ENOENT");
});

test("configuration files are entered with the MD5 of what was unpacked; files to remove are not", async () => {
  await inTree("etc/a.conf", "a\n");
  const conffiles = "/etc/a.conf\nremove-on-upgrade /etc/old.conf\n";
  await writeDatabase(root, [await unpacked("a", { control: "Package: a\nVersion: 1\n", conffiles })]);
  const md5 = createHash("md5").update("a\n").digest("hex");
  expect(await admin("status")).toBe(
    `Package: a\nStatus: install ok unpacked\nVersion: 1\nConffiles:\n /etc/a.conf ${md5}\n`,
  );
  expect(await admin("info/a.conffiles")).toBe(conffiles);
});

test("who listens to which trigger", async () => {
  const triggers = [
    "# a comment",
    "interest-noawait /usr/lib/systemd/system",
    "interest /etc/x",
    "interest-await ldconfig",
    "interest-noawait ldconfig",
    "activate-noawait something",
  ];
  await writeDatabase(root, [await unpacked("a", { control: "Package: a\n", triggers: triggers.join("\n") })]);
  expect(await admin("triggers/File")).toBe("/usr/lib/systemd/system a/noawait\n/etc/x a\n");
  expect(await admin("triggers/ldconfig")).toBe("a\na/noawait\n");
  await expect(admin("triggers/something")).rejects.toThrow("ENOENT");
});
