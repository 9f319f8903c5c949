import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BrokenMirror, brokenMirror } from "../support/broken-mirror.ts";
import { addFiles, caisson, project, remove, succeed } from "../support/caisson.ts";
import { makePackage as packageInto } from "../support/package.ts";
import { startProxy } from "../support/proxy.ts";
import { type Member, readTar } from "../support/tar.ts";

const image = (content: string, distribution = "") =>
  [
    `[Distribution]\nDistribution=debian\nRelease=trixie\n${distribution}[Output]\nFormat=tar\nCompressOutput=no`,
    `[Content]\nBootable=no\n${content}`,
  ].join("\n");

let folder: string;
beforeAll(async () => {
  folder = await project({});
});
afterAll(() => remove(folder));

const makePackage = (target: string, name: string, version: string, fields: string[] = []) =>
  packageInto(join(folder, target), name, version, fields);

async function build(args: string[] = []): Promise<Map<string, Member>> {
  await succeed(folder, ["-f", ...args, "build"]);
  return readTar(join(folder, "image.tar"));
}

describe("packages of the user's own", () => {
  beforeAll(async () => {
    await makePackage("mkosi.packages/mine_1.deb", "mine", "1", ["Depends: theirs"]);
    await makePackage("mkosi.packages/theirs_1.deb", "theirs", "1");
    // Older than Debian's, and preferred all the same.
    await makePackage("mkosi.packages/hello_1.deb", "hello", "1");
    await makePackage("later/volatile_1.deb", "volatile", "1");
    await makePackage("single.deb", "single", "1");
    const content = "Packages=mine\n  hello\n  ./single.deb\nVolatilePackages=volatile\n";
    await addFiles(folder, {
      "mkosi.conf": image(`${content}VolatilePackageDirectories=later\nRemovePackages=mine\n`),
    });
  });

  test("they are installed from their folder and file; what nobody needs any more goes with what is removed", async () => {
    const members = await build();
    const names = ["mine", "theirs", "hello", "volatile", "single"];
    expect(names.map((name) => [name, members.get(`opt/${name}`)?.text])).toEqual([
      ["mine", undefined],
      ["theirs", undefined],
      ["hello", "1\n"],
      ["volatile", "1\n"],
      ["single", "1\n"],
    ]);
    expect([...members.keys()].filter((name) => name.includes("local.sources"))).toEqual([]);
  });

  test("a new version of one is installed, and the base is not made again", async () => {
    await rm(join(folder, "later/volatile_1.deb"));
    await makePackage("later/volatile_2.deb", "volatile", "2");
    const { events } = await succeed(folder, ["-f", "build"]);
    const layers = events.flatMap((event) => (event.type === "layer" && !event.cached ? event.layer : []));
    expect(layers).not.toContain("base");
    expect(layers).not.toContain("packages");
    expect(layers).toContain("volatile");
    expect((await readTar(join(folder, "image.tar"))).get("opt/volatile")?.text).toBe("2\n");
  });

  test("what is removed and was never there", async () => {
    const { code, error } = await caisson(folder, ["-f", "--remove-package=nosuchthing", "build"]);
    expect({ code, id: error?.code, message: error?.message }).toEqual({
      code: 1,
      id: "package-not-found",
      message: "RemovePackages= names nosuchthing, which is not in the image",
    });
  });

  test("a file that is no package", async () => {
    await addFiles(folder, { "mkosi.packages/broken.deb": "no package\n" });
    const { error } = await caisson(folder, ["-f", "build"]);
    await rm(join(folder, "mkosi.packages/broken.deb"));
    expect(error?.code).toBe("package-invalid");
    expect(error?.message).toContain("broken.deb: a package cannot be read: dpkg-deb: error:");
  });
});

test("a tree without a package database takes no packages", async () => {
  const bare = await project({
    "mkosi.conf": image("BaseTrees=base\nPackages=hello\n"),
    "base/usr/lib/os-release": "ID=debian\nVERSION_ID=13\n",
  });
  const { code, error } = await caisson(bare, ["build"]);
  await remove(bare);
  expect({ code, id: error?.code, message: error?.message, hint: error?.hint }).toEqual({
    code: 1,
    id: "no-package-database",
    message: "main: packages are to be installed into a tree that has no package database",
    hint: "An image that others build on keeps it with CleanPackageMetadata=no; an extension needs BaseTrees= to install packages.",
  });
});

test("SandboxTrees= are seen by tools, and reach no image", async () => {
  const sandboxed = await project({
    "mkosi.conf": image("FinalizeScripts=finalize\n"),
    "mkosi.sandbox/usr/local/bin/of-the-user": "#!/bin/sh\necho from the sandbox\n",
    "mkosi.sandbox/etc/apt/apt.conf.d/99user": 'Test::Of::User "yes";\n',
    finalize:
      '#!/bin/sh\nset -e\nof-the-user > "$BUILDROOT/said"\napt-config dump Test::Of::User >> "$BUILDROOT/said"\n',
  });
  await chmod(join(sandboxed, "mkosi.sandbox/usr/local/bin/of-the-user"), 0o755);
  await chmod(join(sandboxed, "finalize"), 0o755);
  await succeed(sandboxed, ["build"]);
  const members = await readTar(join(sandboxed, "image.tar"));
  expect(members.get("said")?.text).toBe('from the sandbox\nTest::Of::User "yes";\n');
  expect(members.has("usr/local/bin/of-the-user")).toBe(false);
  await remove(sandboxed);
});

describe("the network", () => {
  let mirror: BrokenMirror;
  beforeAll(async () => {
    mirror = await brokenMirror(/^$/);
    await rm(join(folder, "mkosi.packages"), { recursive: true, force: true });
    await addFiles(folder, { "mkosi.conf": image("Packages=hello\n", `Mirror=${mirror.url}\n`) });
  });
  afterAll(() => mirror.close());

  test("CacheOnly=metadata without an index in the cache", async () => {
    const { code, error } = await caisson(folder, ["-f", "--cache-only=metadata", "build"]);
    expect({ code, id: error?.code, message: error?.message, hint: error?.hint }).toEqual({
      code: 1,
      id: "cache-missing",
      message: "CacheOnly=metadata: no index of debian trixie is in the cache",
      hint: "Build once with CacheOnly=auto, from the same mirror.",
    });
    expect(mirror.asked).toEqual([]);
  });

  test("ProxyUrl= is asked for indexes and packages, and ProxyExclude= goes past it", async () => {
    const proxy = await startProxy();
    try {
      await build([`--proxy-url=${proxy.url}`]);
      expect(proxy.asked).toContain(`${mirror.url}/debian/dists/trixie/InRelease`);
      const direct = mirror.asked.length;
      expect(direct).toBeLessThanOrEqual(proxy.asked.length);
      proxy.asked.length = 0;
      await build([`--proxy-url=${proxy.url}`, "--proxy-exclude=127.0.0.1"]);
      expect(proxy.asked).toEqual([]);
      expect(mirror.asked.length).toBeGreaterThan(direct);
    } finally {
      await proxy.close();
    }
  });

  test("CacheOnly=always asks nobody, and says what is not in the cache", async () => {
    mirror.asked.length = 0;
    const members = await build(["--cache-only=always"]);
    expect(members.get("usr/bin/hello")?.mode).toBe(0o755);
    expect(mirror.asked).toEqual([]);
    const absent = "--package=fortunes-ga";
    const { code, error } = await caisson(folder, ["-f", "--cache-only=always", absent, "build"]);
    expect({ code, id: error?.code }).toEqual({ code: 1, id: "cache-missing" });
    expect(error?.message).toMatch(/^CacheOnly=always: not in the cache: .*fortunes-ga /);
    expect(mirror.asked).toEqual([]);
  });
});
