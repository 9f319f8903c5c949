import { createHash } from "node:crypto";
import { chmodSync, linkSync, lutimesSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { tarChunks } from "../../../../sandbox/formats/tar.ts";
import { packagedFiles, parseStatus } from "../../../../sandbox/oci/dpkg.ts";
import { BUCKETS, bucketOf, type Group, splitEntries } from "../../../../sandbox/oci/groups.ts";
import { follow, unchangedFiles } from "../../../../sandbox/oci/owners.ts";
import { listEntries } from "../../../../sandbox/tree/entries.ts";

const top = mkdtempSync(join(tmpdir(), "caisson-oci-"));
afterAll(() => rmSync(top, { recursive: true }));

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

interface Package {
  version: string;
  essential?: boolean;
  source?: string;
  files: Record<string, string>;
}

/** A tree with dpkg's database, and files of no package. */
function tree(name: string, packages: Record<string, Package>, more: Record<string, string> = {}): string {
  const root = join(top, name);
  const add = (path: string, text: string, time = 1000) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    lutimesSync(join(root, path), time, time);
  };
  mkdirSync(join(root, "usr/lib"), { recursive: true });
  symlinkSync("usr/lib", join(root, "lib"));
  const status = Object.entries(packages).map(([each, { version, essential, source, files }]) => {
    for (const [path, text] of Object.entries(files)) add(path.replace(/^lib\//, "usr/lib/"), text);
    const info = join("var/lib/dpkg/info", each);
    add(`${info}.list`, ["/.", ...Object.keys(files).map((path) => `/${path}`), ""].join("\n"), 5000);
    add(
      `${info}.md5sums`,
      Object.entries(files)
        .map(([path, text]) => `${md5(text)}  ${path}\n`)
        .join(""),
      5000,
    );
    const lines = [`Package: ${each}`, "Status: install ok installed", "Architecture: amd64", `Version: ${version}`];
    return [...lines, ...(essential ? ["Essential: yes"] : []), ...(source ? [`Source: ${source}`] : [])].join("\n");
  });
  add("var/lib/dpkg/status", `${status.join("\n\n")}\n`, 5000);
  for (const [path, text] of Object.entries(more)) add(path, text);
  return root;
}

async function layersOf(root: string, epoch: number): Promise<Group[]> {
  const entries = listEntries(root, epoch);
  const owned = await unchangedFiles(root, entries, packagedFiles([root]));
  return splitEntries(entries, (path) => {
    const file = owned.get(path);
    return file && bucketOf(file.package);
  });
}

async function digests(root: string, epoch: number): Promise<Map<string, string>> {
  const groups = await layersOf(root, epoch);
  return new Map(
    groups.map((group) => {
      const hash = createHash("sha256");
      for (const chunk of tarChunks(root, group.entries)) hash.update(chunk);
      return [group.title, hash.digest("hex")];
    }),
  );
}

const packages: Record<string, Package> = {
  dash: { version: "1", essential: true, files: { "usr/bin/dash": "shell" } },
  libc6: { version: "1", source: "glibc", files: { "lib/libc.so": "c", "usr/share/doc/libc6/copyright": "free" } },
  "libc-bin": { version: "1", source: "glibc (1+b1)", files: { "usr/bin/ldd": "ldd" } },
  curl: { version: "1", files: { "usr/bin/curl": "curl 1", "usr/share/doc/curl/copyright": "free" } },
  nginx: { version: "1", files: { "usr/sbin/nginx": "nginx", "etc/nginx.conf": "port 80" } },
};
const changed = (before: Map<string, string>, after: Map<string, string>) =>
  [...after].filter(([title, digest]) => before.get(title) !== digest).map(([title]) => title);

describe("the layers of a tree", () => {
  const title = (source: string) => `packages, group ${bucketOf({ base: false, source })} of ${BUCKETS}`;
  const LAST = "files of no package";

  test("base packages, packages by their source, and the rest", async () => {
    const root = tree("whole", packages, { "etc/hostname": "h", "usr/bin/own": "x" });
    const groups = await layersOf(root, 2000);
    const of = (name: string) => groups.find((group) => group.title === name)?.entries.map(({ path }) => path);
    expect(groups[0]?.title).toBe("base packages");
    expect(of("base packages")).toEqual(["", "usr", "usr/bin", "usr/bin/dash"]);
    expect(of(title("glibc"))).toEqual(expect.arrayContaining(["usr/bin/ldd", "usr/lib/libc.so"]));
    expect(groups.at(-1)?.title).toBe(LAST);
    expect(of(LAST)).toEqual(expect.arrayContaining(["", "lib", "etc/hostname", "usr/bin/own", "var/lib/dpkg/status"]));
    // Every folder is in the last layer as it is.
    const folders = groups.flatMap(({ entries }) => entries).filter(({ kind }) => kind === "directory");
    expect(folders.filter(({ mtime }) => mtime === 2000).length).toBe(new Set(folders.map(({ path }) => path)).size);
    const files = groups.flatMap(({ entries }) => entries).filter(({ kind }) => kind !== "directory");
    expect(files.length).toBe(new Set(files.map(({ path }) => path)).size);
  });

  test("an update of a package changes its layer and the last, although the epoch moves", async () => {
    const before = await digests(tree("old", packages), 2000);
    const curl = { version: "2", files: { "usr/bin/curl": "curl 2", "usr/share/doc/curl/copyright": "free" } };
    const after = await digests(tree("new", { ...packages, curl }), 3000);
    expect(changed(before, after)).toEqual([title("curl"), LAST]);
  });

  test("a package more is one layer more, or one changed", async () => {
    const before = await digests(tree("few", packages), 2000);
    const after = await digests(
      tree("more", { ...packages, jq: { version: "1", files: { "usr/bin/jq": "jq" } } }),
      2000,
    );
    expect(changed(before, after)).toEqual([title("jq"), LAST]);
  });

  test("a packaged file that was changed afterwards is in the last layer", async () => {
    const root = tree("edited", packages);
    writeFileSync(join(root, "etc/nginx.conf"), "port 8080");
    const groups = await layersOf(root, 2000);
    const [last] = groups.slice(-1);
    expect(last?.entries.map(({ path }) => path)).toContain("etc/nginx.conf");
    expect(last?.entries.map(({ path }) => path)).not.toContain("usr/sbin/nginx");
  });

  test("all names of a file are in one layer", async () => {
    const root = tree("links", packages);
    linkSync(join(root, "usr/bin/curl"), join(root, "usr/bin/curl-too"));
    const groups = await layersOf(root, 2000);
    const own = groups.filter(({ entries }) => entries.some(({ path }) => path.startsWith("usr/bin/curl")));
    expect(own.map((group) => group.title)).toEqual([LAST]);
    expect(own[0]?.entries.find(({ path }) => path === "usr/bin/curl-too")?.linkTo).toBe("usr/bin/curl");
  });

  test("a folder has the same mode everywhere", async () => {
    const root = tree("modes", packages);
    chmodSync(join(root, "usr/bin"), 0o700);
    const groups = await layersOf(root, 2000);
    const modes = groups
      .flatMap(({ entries }) => entries)
      .flatMap(({ path, mode }) => (path === "usr/bin" ? [mode] : []));
    expect(modes.length).toBeGreaterThan(2);
    expect(new Set(modes)).toEqual(new Set([0o700]));
  });

  test("without a database there is one layer", async () => {
    const root = join(top, "plain");
    mkdirSync(join(root, "etc"), { recursive: true });
    const groups = await layersOf(root, 2000);
    expect(groups.map((group) => [group.title, group.entries.map(({ path }) => path)])).toEqual([[LAST, ["", "etc"]]]);
  });

  test("a database that only a lower layer has counts as well", () => {
    const files = packagedFiles([join(top, "plain"), join(top, "whole")]);
    expect(files.get("usr/bin/curl")?.package.name).toBe("curl");
  });
});

test("dpkg's status", () => {
  const text = [
    "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\nSource: zlib (1:1.3)\nPriority: required",
    "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64",
    `Package: bash\nEssential: yes\nStatus: hold ok installed\nArchitecture: amd64\nConffiles:\n /etc/bash.bashrc ${md5("a")}\n /etc/old ${md5("b")} obsolete\nDescription: a shell\n of many`,
  ].join("\n\n");
  expect(parseStatus(text)).toEqual([
    {
      name: "bash",
      architecture: "amd64",
      source: "bash",
      base: true,
      conffiles: new Map([["etc/bash.bashrc", md5("a")]]),
    },
    { name: "zlib1g", architecture: "amd64", source: "zlib", base: true, conffiles: new Map() },
  ]);
});

test.each([
  ["lib/x", "usr/lib/x"],
  ["a/b", "usr/lib/b"],
  ["loop/x", "loop/x"],
  ["up/etc", "etc"],
  ["", ""],
  ["usr/lib", "usr/lib"],
])("%s is %s", (path, expected) => {
  const links = new Map([
    ["lib", "usr/lib"],
    ["a", "/lib"],
    ["loop", "loop"],
    ["up", "../../.."],
  ]);
  expect(follow(path, links)).toBe(expected);
});
