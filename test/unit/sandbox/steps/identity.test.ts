import { lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../../../../sandbox/context.ts";
import { autologin, initrdFiles, osRelease, setFields } from "../../../../sandbox/steps/identity.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-identity-"));
});
afterEach(() => rm(root, { recursive: true }));

async function file(path: string, content = ""): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

const text = (path: string) => readFile(join(root, path), "utf8");

/** Only what the code under test reads. */
function context(image: Partial<Context["image"]>): Context {
  return { image } as unknown as Context;
}

test.each<[string, Record<string, string | undefined>, string]>([
  ["ID=debian\n", { IMAGE_ID: "demo" }, 'ID=debian\nIMAGE_ID="demo"\n'],
  ["ID=debian", { IMAGE_ID: "demo" }, 'ID=debian\nIMAGE_ID="demo"\n'],
  ["IMAGE_ID=old\nID=debian\n", { IMAGE_ID: "new" }, 'IMAGE_ID="new"\nID=debian\n'],
  ['IMAGE_ID="old"\n', { IMAGE_ID: undefined }, 'IMAGE_ID="old"\n'],
  ["IMAGE_VERSION=1\n", { IMAGE_ID: "a", IMAGE_VERSION: "2" }, 'IMAGE_VERSION="2"\nIMAGE_ID="a"\n'],
  ["MY_IMAGE_ID=1\n", { IMAGE_ID: "a" }, 'MY_IMAGE_ID=1\nIMAGE_ID="a"\n'],
  ["IMAGE_VERSION=1\n", { IMAGE_VERSION: "$&$1" }, 'IMAGE_VERSION="$&$1"\n'],
  ["ID=debian\n", {}, "ID=debian\n"],
])("%j with %j", (before, fields, after) => {
  expect(setFields(before, fields)).toBe(after);
});

test("os-release is changed where it is a file, and not through a link", async () => {
  await file("usr/lib/os-release", "ID=debian\n");
  await mkdir(join(root, "etc"));
  await symlink("../usr/lib/os-release", join(root, "etc/os-release"));
  await osRelease(context({ imageId: "demo", imageVersion: "7", hostname: "box" }), root);
  expect(await text("usr/lib/os-release")).toBe(
    'ID=debian\nIMAGE_ID="demo"\nIMAGE_VERSION="7"\nDEFAULT_HOSTNAME="box"\n',
  );
  expect((await lstat(join(root, "etc/os-release"))).isSymbolicLink()).toBe(true);
});

test("autologin of root on the consoles, only where it is asked for", async () => {
  await autologin(context({ autologin: false }), root);
  await expect(lstat(join(root, "usr"))).rejects.toThrow("ENOENT");
  await autologin(context({ autologin: true }), root);
  const unit = "usr/lib/systemd/system/serial-getty@ttyS0.service.d/autologin.conf";
  expect(await text(unit)).toBe(
    [
      "[Service]",
      "ExecStart=",
      "ExecStart=-agetty -o '-f -p -- \\\\u' --autologin root --keep-baud 115200,57600,38400,9600 - $TERM",
      "StandardInput=tty",
      "StandardOutput=tty",
      "",
    ].join("\n"),
  );
});

test("an initrd gets /init and its own release file; what is there stays", async () => {
  await file("usr/lib/systemd/systemd");
  await mkdir(join(root, "etc"));
  await initrdFiles(context({ makeInitrd: true }), root);
  expect(await readlink(join(root, "init"))).toBe("/usr/lib/systemd/systemd");
  expect(await readlink(join(root, "etc/initrd-release"))).toBe("/etc/os-release");
  await rm(join(root, "init"));
  await file("init", "own");
  await initrdFiles(context({ makeInitrd: true }), root);
  expect(await text("init")).toBe("own");
});

test("no /init without systemd, no initrd-release in an image", async () => {
  await mkdir(join(root, "etc"));
  await initrdFiles(context({ makeInitrd: false }), root);
  await expect(lstat(join(root, "init"))).rejects.toThrow("ENOENT");
  await expect(lstat(join(root, "etc/initrd-release"))).rejects.toThrow("ENOENT");
});
