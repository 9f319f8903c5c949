import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileHash } from "../../sandbox/tree/hash.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { Label } from "../../src/session/identity.ts";
import { addFiles, caisson, names, project, remove, succeed } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { inTools } from "../support/in-tools.ts";

/** A base system of which next to nothing is left, so that it is quickly written; with the database of its packages. */
const small = {
  "mkosi.conf": [
    "[Distribution]",
    "Distribution=debian",
    "Release=trixie",
    "[Output]",
    "Format=tar",
    "OutputDirectory=out",
    "CompressOutput=no",
    "[Content]",
    "Bootable=no",
    "RemoveFiles=/usr/bin/* /usr/sbin/* /usr/lib/[!o]* /usr/share/[!d]* /var/lib/dpkg/info",
    "",
  ].join("\n"),
};

let folder: string;
const out = (name: string) => join(folder, "out", name);
beforeAll(async () => {
  folder = await project(small);
});
afterAll(() => remove(folder));

describe("compression", () => {
  let plain: string;
  beforeAll(async () => {
    await succeed(folder, ["-f", "build"]);
    plain = await fileHash(out("image.tar"));
  });

  afterAll(() => succeed(folder, ["--format=cpio", "clean"]));

  test.each([
    ["zstd", "zst", ["zstd", "-d"]],
    ["xz", "xz", ["xz", "-d"]],
    ["gz", "gz", ["gzip", "-d"]],
    ["bz2", "bz2", ["bzip2", "-d"]],
    ["lz4", "lz4", ["lz4", "-d"]],
    ["lzma", "lzma", ["xz", "--format=lzma", "-d"]],
  ])("%s is undone by the ordinary tool", async (name, extension, [tool = "", ...words]) => {
    await succeed(folder, [`--compress-output=${name}`, "--compress-level=1", "-f", "build"]);
    expect(await names(join(folder, "out"))).toEqual(["image", `image.tar.${extension}`]);
    const output = join(folder, "plain.tar");
    await execa(tool, [...words, "-c"], { inputFile: out(`image.tar.${extension}`), stdout: { file: output } });
    expect(await fileHash(output)).toBe(plain);
    await rm(output);
  });

  test("the kernel's lz4 of an initrd is the legacy frame", async () => {
    await succeed(folder, ["--format=cpio", "--compress-output=lz4", "-f", "build"]);
    expect((await readFile(out("image.cpio.lz4"))).subarray(0, 4).toString("hex")).toBe("02214c18");
  });
});

describe("beside the output", () => {
  const settings = [
    ...["--image-id=os", "--image-version=1.2", "--manifest-format=json,changelog", "--output-mode=640"],
    ...["--output-extension=archive", "--checksum=yes"],
  ];
  beforeAll(async () => {
    await addFiles(folder, { "mkosi.nspawn": "[Exec]\nBoot=yes\n", "out/mine": "mine" });
    await succeed(folder, [...settings, "-f", "build"]);
  });
  afterAll(() => rm(join(folder, "mkosi.nspawn")));

  test("everything has the output's name, its mode and its owner; a link has the name alone", async () => {
    const files = ["SHA256SUMS", "archive", "changelog", "manifest", "nspawn"].map((suffix) => `os_1.2.${suffix}`);
    expect(await names(join(folder, "out"))).toEqual(["mine", "os_1.2", ...files].sort());
    for (const file of files) expect(lstatSync(out(file))).toMatchObject({ mode: 0o100640, uid: process.getuid?.() });
    expect(readlinkSync(out("os_1.2"))).toBe("os_1.2.archive");
    expect(readFileSync(out("os_1.2.nspawn"), "utf8")).toBe("[Exec]\nBoot=yes\n");
  });

  test("sha256sum finds everything as the list says", async () => {
    const { stdout } = await execa("sha256sum", ["--check", "os_1.2.SHA256SUMS"], { cwd: join(folder, "out") });
    const files = ["archive", "changelog", "manifest", "nspawn"].map((suffix) => `os_1.2.${suffix}: OK`);
    expect(stdout.split("\n")).toEqual(files);
  });

  test("the manifest has what dpkg-query finds in the image", async () => {
    const tree = await mkdtemp(join(tmpdir(), "caisson-dpkg-"));
    await execa("tar", ["--extract", "--file", out("os_1.2.archive"), "--directory", tree, "var/lib/dpkg/status"]);
    const fields = ["Package", "Version", "Architecture", "Installed-Size"].map((name) => `\${${name}}`).join(" ");
    const { stdout } = await execa("dpkg-query", [
      `--admindir=${tree}/var/lib/dpkg`,
      "--show",
      `--showformat=${fields}\\n`,
    ]);
    await remove(tree);
    const { config, packages } = JSON.parse(readFileSync(out("os_1.2.manifest"), "utf8"));
    const lines = packages.map(
      ({ name, version, architecture, size }: Record<string, unknown>) =>
        `${name} ${version} ${architecture} ${Number(size) / 1024}`,
    );
    expect(lines.sort()).toEqual(stdout.split("\n").sort());
    expect(config).toMatchObject({ name: "os", version: "1.2", output_format: "tar", release: "trixie" });
  });

  test("the report has the changelogs of the image", () => {
    const report = readFileSync(out("os_1.2.changelog"), "utf8");
    expect(report).toMatch(/^Packages: \d+\nSize: {5}\d+\n-{80}\nSourcePackage: /);
    expect(report).toMatch(/SourcePackage: bash\nPackages: {6}bash\nSize: {10}\d+\n\nChangelog:\nbash \(/);
  });

  test("with nothing changed, nothing is written again", async () => {
    const before = await inodes();
    await succeed(folder, [...settings, "-f", "build"]);
    expect(await inodes()).toEqual(before);
  });

  test("what no longer belongs to the output goes with the next one, and clean takes the rest, but nothing of the user's", async () => {
    await succeed(folder, [...settings, "--checksum=no", "--format=none", "-f", "build"]);
    expect(await names(join(folder, "out"))).toContain("os_1.2.archive");
    await succeed(folder, [...settings, "--checksum=no", "-f", "build"]);
    expect(await names(join(folder, "out"))).not.toContain("os_1.2.SHA256SUMS");
    await succeed(folder, [...settings, "clean"]);
    expect(await names(join(folder, "out"))).toEqual(["mine"]);
  });

  async function inodes(): Promise<string[]> {
    const files = await names(join(folder, "out"));
    return files.map((file) => `${file} ${lstatSync(out(file)).ino}`);
  }
});

describe("signatures", () => {
  let keys: string;
  beforeAll(async () => {
    keys = await mkdtemp(join(tmpdir(), "caisson-keys-"));
    await mkdir(join(keys, "gnupg"), { mode: 0o700 });
    const make = ["--quick-generate-key", "Caisson Test <test@example.org>", "ed25519", "sign", "never"];
    await execa("gpg", ["--homedir", join(keys, "gnupg"), "--batch", "--passphrase", "", ...make]);
    await execa("gpgconf", ["--homedir", join(keys, "gnupg"), "--kill", "all"]);
  });
  afterAll(() => remove(keys));

  test("gpg's is good, and the same each time", async () => {
    const env = { GNUPGHOME: join(keys, "gnupg") };
    const settings = ["--sign=yes", "--key=test@example.org", "-f", "build"];
    await succeed(folder, settings, { env });
    const words = ["--status-fd=1", "--verify", out("image.SHA256SUMS.gpg"), out("image.SHA256SUMS")];
    const { stdout } = await execa("gpg", ["--homedir", env.GNUPGHOME, ...words]);
    expect(stdout).toContain("GOODSIG");
    const first = await fileHash(out("image.SHA256SUMS.gpg"));
    await rm(out("image.SHA256SUMS.gpg"));
    await succeed(folder, settings, { env });
    expect(await fileHash(out("image.SHA256SUMS.gpg"))).toBe(first);
  });

  test("a key that the keyring does not have is told", async () => {
    const env = { GNUPGHOME: join(keys, "gnupg") };
    const { error } = await caisson(folder, ["--sign=yes", "--key=nobody@example.org", "-f", "build"], { env });
    expect(error).toMatchObject({
      code: "signing-failed",
      message: "main: the keyring of gpg does not have the private key of nobody@example.org",
    });
  });

  test("sqop's is good, and it has a key that no log tells of", async () => {
    await withEngine(async (engine) => {
      await inTools(engine, keys, "sqop generate-key test > key.pgp; sqop extract-cert < key.pgp > cert.pgp");
      await succeed(folder, ["--sign=yes", "--openpgp-tool=sqop", `--key=${join(keys, "key.pgp")}`, "-f", "build"]);
      await execa("cp", [out("image.SHA256SUMS"), out("image.SHA256SUMS.gpg"), keys]);
      const verify = "sqop verify image.SHA256SUMS.gpg cert.pgp < image.SHA256SUMS";
      expect(await inTools(engine, keys, verify)).toMatch(/^\d{4}-\d{2}-\d{2}T.* mode:binary/);
    });
  });
});

describe("bad input", () => {
  test("a folder in the place of an output, and a user's file, stay", async () => {
    await addFiles(folder, { "out/other.tar/file": "precious", "out/name": "precious" });
    const inTheWay = await caisson(folder, ["--output=other", "-f", "build"]);
    expect(inTheWay.error).toMatchObject({
      code: "output-in-the-way",
      message: "other.tar in the output directory is a folder, and the build makes a file of that name",
    });
    const exists = await caisson(folder, ["--output=name", "build"]);
    expect(exists.error).toMatchObject({ code: "output-exists", message: "the output name exists already" });
    expect(readFileSync(out("other.tar/file"), "utf8")).toBe("precious");
    expect(readFileSync(out("name"), "utf8")).toBe("precious");
    expect((await names(join(folder, "out"))).filter((name) => /partial|^other$|name\./.test(name))).toEqual([]);
  });

  test("an output directory that cannot be written", async (context) => {
    if (process.getuid?.() === 0) context.skip("root may write into any folder");
    // In its container the user is root, whom the mode of an own folder does not stop.
    const { error } = await caisson(folder, ["-O", "/usr/share", "build"]);
    expect(error).toMatchObject({
      code: "output-directory",
      message: "the output directory cannot be written (EACCES)",
    });
  });

  test("an output directory without room for the output", async (context) => {
    if (process.getuid?.() !== 0) context.skip("only root mounts a small file system");
    await mkdir(join(folder, "full"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", join(folder, "full")]);
    try {
      const { error } = await caisson(folder, ["-O", "full", "build"]);
      expect(error).toMatchObject({ code: "disk-full" });
      expect(await names(join(folder, "full"))).toEqual([]);
    } finally {
      execFileSync("umount", [join(folder, "full")]);
    }
  });

  test("killed while it writes, it leaves nothing that the next build does not remove", async () => {
    await succeed(folder, ["clean"]);
    // Half a minute of compression, so that it still writes when it is killed, however fast the machine is.
    await writeFile(join(folder, "bulk"), randomBytes(64 * 1024 ** 2));
    const slowly = ["--extra-tree=bulk:/bulk", "--compress-output=xz", "--compress-level=9", "build"];
    let pid: number | undefined;
    let killed: Promise<void> | undefined;
    const outcome = await withEngine(async (engine) => {
      const ended = await caisson(folder, slowly, {
        onStart: (child) => {
          pid = child.pid;
        },
        onEvent: (event) => {
          if (event.type === "step" && event.title.startsWith("Writing")) killed = killSoon(engine, pid);
        },
      });
      await killed;
      return ended;
    });
    await rm(join(folder, "bulk"));
    expect(outcome.code).toBe(1);
    const visible = async () => (await names(join(folder, "out"))).filter((name) => name.startsWith("image"));
    expect(await visible()).toEqual([]);
    await succeed(folder, ["build"]);
    expect(await visible()).toEqual(["image", "image.tar"]);
    expect((await names(join(folder, "out"))).filter((name) => name.startsWith(".caisson"))).toEqual([]);
  });

  async function killSoon(engine: Engine, pid: number | undefined): Promise<void> {
    await sleep(500);
    const containers = await engine.listContainers(Label.build);
    for (const { id, labels } of containers) if (labels[Label.pid] === String(pid)) await engine.removeContainer(id);
  }
});
