import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { addFiles, caisson, project, remove, succeed } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { inTools } from "../support/in-tools.ts";
import { partition, verity } from "../support/signed.ts";

const distribution = "[Distribution]\nDistribution=debian\nRelease=trixie\nArchitecture=x86-64\n";

let folder: string;
beforeAll(async () => {
  folder = await project({
    "mkosi.conf": `${distribution}[Output]\nFormat=sysext\nOutput=hello\nImageVersion=7\nImageId=greeting\n`,
    "mkosi.extra/usr/bin/hello": "#!/bin/sh\necho hello\n",
    "mkosi.extra/usr/lib/nothing/": "",
    "mkosi.extra/etc/hello.conf": "greeting\n",
    "mkosi.extra/opt/hello/data": "data\n",
  });
  await succeed(folder, ["genkey"]);
});
afterAll(() => remove(folder));

describe("sysext", () => {
  test("is /usr and /opt in a verity partition with a signature of the key", async () => {
    await succeed(folder, ["-f", "build"]);
    const said = await tools(`${verity}verity hello.raw 1 2 3\n${tree()}`);
    expect(said.match(/^[0-9a-f]{64}$/m)).not.toBeNull();
    expect(listed(said)).toEqual([
      "drwxr-xr-x 0 0 .",
      "drwxr-xr-x 0 0 ./opt",
      "drwxr-xr-x 0 0 ./opt/hello",
      "-rw-r--r-- 0 0 ./opt/hello/data",
      "drwxr-xr-x 0 0 ./usr",
      "drwxr-xr-x 0 0 ./usr/bin",
      "-rw-r--r-- 0 0 ./usr/bin/hello",
      "drwxr-xr-x 0 0 ./usr/lib",
      "drwxr-xr-x 0 0 ./usr/lib/extension-release.d",
      "-rw-r--r-- 0 0 ./usr/lib/extension-release.d/extension-release.hello",
    ]);
    expect(release(said)).toEqual([
      "ID=_any",
      "SYSEXT_ID=greeting",
      "SYSEXT_VERSION_ID=7",
      'SYSEXT_SCOPE="initrd system portable"',
      "ARCHITECTURE=x86-64",
    ]);
  });

  test("made again from nothing, it has the same bytes, signature and all", async () => {
    const before = await hash("hello.raw");
    await succeed(folder, ["-ff", "build"]);
    expect(await hash("hello.raw")).toBe(before);
  });

  test.each([
    ["hash", ["root-x86-64", "root-x86-64-verity"]],
    ["disabled", ["root-x86-64"]],
    // With a place for the signature, which is in the table when it is made.
    ["defer", ["root-x86-64", "root-x86-64-verity"]],
  ])("Verity=%s", async (mode, types) => {
    await succeed(folder, [`--verity=${mode}`, "-f", "build"]);
    const said = await tools(`${partition}sfdisk --json hello.raw | jq -r '.partitiontable.partitions[] | .type'`);
    expect(said.trim().split("\n").map(typeName)).toEqual(types);
  });

  test("a deferred signature has its place", async () => {
    const size = async () => (await stat(join(folder, "hello.raw"))).size;
    await succeed(folder, ["--verity=hash", "-f", "build"]);
    const without = await size();
    await succeed(folder, ["--verity=defer", "-f", "build"]);
    expect(await size()).toBe(without + 16 * 1024);
  });

  test("has packages only over a system", async () => {
    const { error } = await caisson(folder, ["--package=hello", "-f", "build"]);
    expect(error).toMatchObject({
      code: "packages-without-base",
      exitCode: 2,
      message:
        "--package=hello: Packages= of the image main needs BaseTrees=: with Format=sysext it holds no system of its own that packages could be installed in",
    });
  });

  test("wants a key where its signature is asked for", async () => {
    const { error } = await caisson(folder, ["--verity=signed", "--verity-key=nowhere.key", "-f", "build"]);
    expect(error).toMatchObject({
      code: "key-unreadable",
      exitCode: 2,
      message: `VerityKey= names ${join(folder, "nowhere.key")}, which does not exist`,
      hint: "Make a key and a certificate with: caisson genkey",
    });
  });
});

test("confext is /etc, with what its own extension-release says", async () => {
  const path = "mkosi.extra/etc/extension-release.d/extension-release.hello";
  await addFiles(folder, { [path]: "ID=debian\nVERSION_ID=13\n" });
  await succeed(folder, ["--format=confext", "-f", "build"]);
  const said = await tools(`${verity}verity hello.raw 1 2 3\n${tree()}`);
  expect(listed(said)).toContain("-rw-r--r-- 0 0 ./etc/hello.conf");
  expect(listed(said).filter((line) => line.includes("./usr"))).toEqual([]);
  expect(release(said)).toEqual([
    "ID=debian",
    "VERSION_ID=13",
    "CONFEXT_ID=greeting",
    "CONFEXT_VERSION_ID=7",
    'CONFEXT_SCOPE="initrd system portable"',
    "ARCHITECTURE=x86-64",
  ]);
});

test("a sysext over a base tree has what its packages add, and nothing of the system", async () => {
  const own = await project({
    "mkosi.conf": `${distribution}[Config]\nDependencies=base\n[Output]\nFormat=sysext\nOutput=tool\nOutputDirectory=out\nOverlay=yes\n[Content]\nBaseTrees=%O/base\nPackages=hello\n[Build]\nEnvironment=SYSEXT_SCOPE=system\n`,
    "out/": "",
    "mkosi.images/base/mkosi.conf": "[Output]\nFormat=directory\n[Content]\nPackages=apt\n",
  });
  try {
    await succeed(own, ["build"]);
    const said = await tools(`${partition}${tree("out/tool.raw")}`, own);
    expect(listed(said)).toContain("-rwxr-xr-x 0 0 ./usr/bin/hello");
    expect(listed(said).filter((line) => /\/(apt|bash|libc\.so\.6|os-release)$/.test(line))).toEqual([]);
    expect(listed(said).filter((line) => !/ \.(\/(usr|opt)(\/.*)?)?$/.test(line))).toEqual([]);
    expect(release(said)).toEqual(["ID=debian", "VERSION_ID=13", "SYSEXT_SCOPE=system", "ARCHITECTURE=x86-64"]);
  } finally {
    await remove(own);
  }
});

test("a portable service is a whole system, with what the host's files are mounted over", async () => {
  const own = await project({
    "mkosi.conf": `${distribution}[Output]\nFormat=portable\nOutput=service\n[Content]\nPackages=apt\nHostname=elsewhere\n`,
  });
  try {
    await succeed(own, ["build"]);
    const said = await tools(
      `${partition}sfdisk --json service.raw | jq -r '.partitiontable.partitions[] | .type'\n${tree("service.raw")}`,
      own,
    );
    expect(listed(said)).toContain("-rw-r--r-- 0 0 ./etc/resolv.conf");
    expect(listed(said)).toContain("-rwxr-xr-x 0 0 ./usr/bin/apt");
    // What starts an image that boots.
    expect(listed(said).filter((line) => / \.\/init$/.test(line))).toEqual([]);
  } finally {
    await remove(own);
  }
});

const TYPES: Record<string, string> = {
  "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709": "root-x86-64",
  "2C7357ED-EBD2-46D9-AEC1-23D437EC2BF5": "root-x86-64-verity",
  "41092B05-9FC8-4523-994F-2DEF0408B176": "root-x86-64-verity-sig",
};

function typeName(guid: string): string {
  return TYPES[guid] ?? guid;
}

/** Lists a partition's erofs after checking it, and prints its extension-release. */
function tree(disk = "hello.raw"): string {
  return `
partition ${disk} 1 /tmp/root
fsck.erofs --extract=/tmp/tree /tmp/root > /dev/null
cd /tmp/tree
find . -printf 'tree %M %U %G %p\\n'
find . -name 'extension-release.*' -type f -exec sed 's/^/release /' {} +
`;
}

function listed(said: string): string[] {
  const lines = said.split("\n").flatMap((line) => /^tree (.*)$/.exec(line)?.[1] ?? []);
  return lines.sort((a, b) => ((a.split(" ")[3] ?? "") < (b.split(" ")[3] ?? "") ? -1 : 1));
}

function release(said: string): string[] {
  return said.split("\n").flatMap((line) => /^release (.*)$/.exec(line)?.[1] ?? []);
}

function tools(script: string, where = folder): Promise<string> {
  return withEngine((engine: Engine) => inTools(engine, where, script));
}

async function hash(name: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(join(folder, name)))
    .digest("hex");
}
