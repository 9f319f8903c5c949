import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { addFiles, caisson, project, remove, succeed } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { owners } from "../support/images.ts";
import { asImageRoot, type Image, readImage, unpack, withRegistry, writeLayout, wrongBlobs } from "../support/oci.ts";
import { type Member, readTar } from "../support/tar.ts";

/** Formats differ in what they keep of package managers without being told. */
const more = ["--image-id=demo", "--image-version=1.2", "--clean-package-metadata=no"];
const oci = [
  "--format=oci",
  "--compress-output=gz",
  "--oci-labels=b=2 a=1",
  "--oci-annotations=x=y",
  "--output=demo",
  ...more,
];

let folder: string;
let layout: string;
let image: Image;
beforeAll(async () => {
  folder = await project(owners);
  layout = join(folder, "demo");
  await succeed(folder, [...oci, "-f", "build"]);
  image = await readImage(layout);
});
// What umoci unpacks belongs to many.
afterAll(async () => {
  await asImageRoot("rm", ["-rf", join(folder, "unpacked"), join(folder, "unpacked-over")]);
  await remove(folder);
});

describe("the layout", () => {
  test("every document is as the specification says, every blob is what its digest says", async () => {
    expect(await wrongBlobs(layout, image)).toEqual([]);
    const known = [image.digest, image.manifest.config.digest, ...image.manifest.layers.map(({ digest }) => digest)];
    expect((await readdir(join(layout, "blobs/sha256"))).sort()).toEqual(known.map((digest) => digest.slice(7)).sort());
  });

  test("names, platform, labels, annotations, command", () => {
    const { index, manifest, config } = image;
    const architecture = process.arch === "x64" ? "amd64" : process.arch;
    expect(index.manifests).toMatchObject([
      { platform: { architecture, os: "linux" }, annotations: { "org.opencontainers.image.ref.name": "demo" } },
    ]);
    expect(manifest.annotations).toEqual({ "org.opencontainers.image.version": "1.2", x: "y" });
    expect(config).toMatchObject({
      architecture,
      os: "linux",
      config: { Cmd: ["/sbin/init"], Labels: { a: "1", b: "2" } },
    });
  });

  test("at most 20 layers, each with its history, from the base to what belongs to no package", () => {
    const { manifest, config } = image;
    expect(manifest.layers.length).toBeGreaterThan(10);
    expect(manifest.layers.length).toBeLessThanOrEqual(20);
    expect(new Set(manifest.layers.map(({ mediaType }) => mediaType))).toEqual(
      new Set(["application/vnd.oci.image.layer.v1.tar+gzip"]),
    );
    const titles = config.history?.map(({ comment }) => comment) ?? [];
    expect(titles).toHaveLength(manifest.layers.length);
    expect([titles[0], titles.at(-1)]).toEqual(["base packages", "files of no package"]);
    expect(new Set(config.history?.map(({ created }) => created))).toEqual(new Set([config.created]));
  });

  test("it belongs to the caller", async () => {
    const { uid } = await stat(join(layout, "index.json"));
    expect(uid).toBe(process.getuid?.());
  });
});

test("skopeo reads it", async () => {
  const { stdout } = await execa("skopeo", ["inspect", `oci:${layout}:demo`]);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ Digest: image.digest, Labels: { a: "1", b: "2" }, Os: "linux" });
  expect(found.Layers).toEqual(image.manifest.layers.map(({ digest }) => digest));
});

test("umoci unpacks the tree: names, kinds, modes, owners, links, times and capabilities", async () => {
  const root = await unpack(layout, "demo", join(folder, "unpacked"));
  await succeed(folder, ["--format=tar", "--output=tree", "-f", ...more, "build"]);
  const members = await readTar(join(folder, "tree.tar"));
  expect(await listing(root)).toEqual(fromTar(members));
  const capability = await asImageRoot("getfattr", [
    "--only-values",
    "-n",
    "security.capability",
    join(root, "usr/bin/ping"),
  ]);
  expect(capability.length).toBeGreaterThan(0);
  const owned = await asImageRoot("stat", [
    "-c",
    "%u:%g %a",
    join(root, "home/alice/note"),
    join(root, "var/lib/daemond"),
  ]);
  expect(owned.split("\n")).toEqual(["1000:1000 640", "400:400 2750"]);
});

test("an engine loads the exported archive, and runs it", async () => {
  await succeed(folder, [...oci, "export", "oci-archive", "docker-archive"]);
  await withEngine(async (engine) => {
    const archive = engine.name === "docker" ? "demo.docker.tar" : "demo.oci.tar";
    const { stdout } = await execa(engine.name, ["load", "--quiet", "--input", join(folder, archive)]);
    const name = /Loaded image(?:\(s\))?: (\S+)/.exec(stdout)?.[1] ?? "";
    try {
      expect(await run(engine, name, ["cat", "/etc/os-release"])).toContain('IMAGE_ID="demo"');
      expect(await run(engine, name, ["stat", "-c", "%U %a", "/home/alice/note"])).toBe("alice 640\n");
    } finally {
      await execa(engine.name, ["rmi", name]);
    }
  });
});

describe("over a base image", () => {
  const overlay = ["--format=oci", "--overlay=yes", "--image-id=over", "-f"];
  let over: Image;
  const files = {
    "mkosi.conf":
      owners["mkosi.conf"]?.replace("Packages=", `BaseTrees=oci:../demo:demo\nRemoveFiles=/usr/share/doc/dbus\n#`) ??
      "",
    "mkosi.extra/etc/motd": "over it\n",
  };
  beforeAll(async () => {
    await addFiles(join(folder, "over"), files);
    await succeed(join(folder, "over"), [...overlay, "--compress-output=gz", "--output=over", "build"]);
    over = await readImage(join(folder, "over/over"));
  });

  test("its layers are there unchanged, below ours", async () => {
    const base = image.manifest.layers;
    expect(over.manifest.layers.slice(0, base.length)).toEqual(base);
    expect(over.manifest.annotations).toEqual({ "org.opencontainers.image.base.digest": image.digest });
    expect(over.config.config).toEqual(image.config.config);
    expect(await wrongBlobs(join(folder, "over/over"), over)).toEqual([]);
    const own = over.manifest.layers.slice(base.length);
    expect(own.map(({ mediaType }) => mediaType)).toEqual(["application/vnd.oci.image.layer.v1.tar+gzip"]);
    expect(own[0]?.size).toBeLessThan(200_000);
  });

  test("what was removed is gone, what was changed is changed, the rest is as it was", async () => {
    const root = await unpack(join(folder, "over/over"), "over", join(folder, "unpacked-over"));
    expect(await asImageRoot("cat", [join(root, "etc/motd")])).toBe("over it");
    expect(await asImageRoot("ls", [join(root, "usr/share/doc")])).not.toMatch(/^dbus$/m);
    expect(await asImageRoot("stat", ["-c", "%u:%g %a", join(root, "home/alice/note")])).toBe("1000:1000 640");
    expect(await asImageRoot("find", [root, "-name", ".wh.*"])).toBe("");
  });

  test.each([
    ["zstd", "application/vnd.oci.image.layer.v1.tar+zstd"],
    ["none", "application/vnd.oci.image.layer.v1.tar"],
  ])("with CompressOutput=%s our own layers are %s", async (compression, mediaType) => {
    const output = join(folder, "over", compression);
    await succeed(join(folder, "over"), [
      ...overlay,
      `--compress-output=${compression}`,
      `--output=${compression}`,
      "build",
    ]);
    const { manifest, config } = await readImage(output);
    expect(manifest.layers.at(-1)?.mediaType).toBe(mediaType);
    expect(config.rootfs.diff_ids).toEqual(over.config.rootfs.diff_ids);
    await execa("skopeo", ["inspect", `oci:${output}:over`]);
  });
});

test("pushed to a registry it keeps its digest, and a build starts from there", async () => {
  await withRegistry(join(folder, "registry"), async (host) => {
    const target = `docker://${host}/team/demo:1.2`;
    const { events } = await succeed(folder, [...oci, "export", target]);
    const file = `docker://${host}/team/demo:1.2@${image.digest}`;
    expect(events.find((event) => event.type === "output")).toMatchObject({ file, sha256: image.digest.slice(7) });
    const { stdout } = await execa("skopeo", ["inspect", "--tls-verify=false", "--format={{.Digest}}", target]);
    expect(stdout).toBe(image.digest);

    const base = ["--base-tree", `oci:${target}`, "--format=tar", "--output=from", "-f"];
    const none = await project({
      "mkosi.conf": "[Distribution]\nDistribution=debian\nRelease=bookworm\n[Content]\nBootable=no\n",
    });
    await succeed(none, [...base, "--compress-output=no", "build"]);
    const members = await readTar(join(none, "from.tar"));
    expect(members.get("home/alice/note")).toMatchObject({ uid: 1000, gid: 1000, mode: 0o640 });
    expect(members.get("usr/bin/ping")?.xattrs["security.capability"]).toBeDefined();
    const missing = await caisson(none, ["--base-tree", `oci:docker://${host}/team/demo:2`, "-f", "build"]);
    expect(missing.error).toMatchObject({ code: "registry-failed" });
    expect(missing.error?.message).toMatch(/^localhost:\d+\/team\/demo:2: .*manifest unknown/);
    await remove(none);
  });
});

describe("an image that is not what it should be is refused", () => {
  const conf =
    "[Distribution]\nDistribution=debian\nRelease=bookworm\n[Output]\nFormat=directory\n[Content]\nBootable=no\nBaseTrees=oci:bad\n";
  const cases: [string, Parameters<typeof writeLayout>[1], RegExp][] = [
    [
      "a name that leads out",
      [{ name: "../../escaped" }],
      /has the name "\.\.\/\.\.\/escaped", which leads out of the image$/,
    ],
    [
      "an absolute name",
      [{ name: "/store/escaped" }],
      /has the name "\/store\/escaped", which leads out of the image$/,
    ],
    [
      "a whiteout of the folder above",
      [{ name: ".wh..." }],
      /has the name "\.wh\.\.\.", which leads out of the image$/,
    ],
    [
      "a file behind a link that leads out",
      [{ name: "out", type: "symlink", linkname: "../../store" }, { name: "out/x" }],
      /out\/x: /,
    ],
    ["no archive", Buffer.from("nothing of the kind".repeat(100)), /Unrecognized archive format/],
  ];

  test.each(cases)("%s", async (_, layer, message) => {
    const bad = await project({ "mkosi.conf": conf });
    await writeLayout(join(bad, "bad"), layer);
    const { error } = await caisson(bad, ["build"]);
    expect(error).toMatchObject({ code: "oci-invalid", message: expect.stringMatching(message) });
    expect((await readdir(bad)).sort()).toEqual(["bad", "mkosi.conf"]);
    await remove(bad);
  });

  test("a blob that was changed", async () => {
    const bad = await project({ "mkosi.conf": conf });
    await writeLayout(join(bad, "bad"), [{ name: "file" }]);
    const { manifest } = await readImage(join(bad, "bad"));
    const digest = manifest.layers[0]?.digest ?? "";
    const blob = join(bad, "bad/blobs", ...digest.split(":"));
    const content = await readFile(blob);
    content[600] = (content[600] ?? 0) ^ 1;
    await writeFile(blob, content);
    const { error } = await caisson(bad, ["build"]);
    expect(error?.message).toMatch(new RegExp(`^${digest}: its content has the digest sha256:`));
    await remove(bad);
  });
});

async function run(engine: Engine, name: string, command: string[]): Promise<string> {
  const container = await engine.start({ image: name, command, network: "none" });
  try {
    const [output, errors, code] = await Promise.all([
      text(container.stdout),
      text(container.stderr),
      container.wait(),
    ]);
    if (code !== 0) throw new Error(`${command.join(" ")}: exit code ${code}: ${errors}`);
    return output;
  } finally {
    await container.remove();
  }
}

/** One line for each name: path, kind, mode, owners, size of a file, target, seconds. */
async function listing(root: string): Promise<string[]> {
  const output = await asImageRoot("find", [root, "-printf", "%P\\t%y\\t%m\\t%U:%G\\t%s\\t%l\\t%T@\\n"]);
  const lines = output.split("\n").map((line) => line.split("\t"));
  return lines
    .map(([path, kind = "", mode = "", owner, size, target, time = ""]) =>
      [path, kind, mode.padStart(4, "0"), owner, kind === "f" ? size : "", target, Number.parseInt(time, 10)].join(" "),
    )
    .sort();
}

function fromTar(members: Map<string, Member>): string[] {
  const kinds: Record<string, string> = { file: "f", directory: "d", symlink: "l", link: "f" };
  const lines = [...members].map(([path, member]) => {
    const { uid, gid, mtime } = member;
    const file = member.type === "link" ? (members.get(plain(member.linkname ?? "")) ?? member) : member;
    const kind = kinds[member.type ?? ""] ?? "?";
    const mode = (file.mode ?? 0).toString(8).padStart(4, "0");
    const target = kind === "l" ? member.linkname : "";
    const seconds = Math.floor((mtime?.getTime() ?? 0) / 1000);
    return [plain(path), kind, mode, `${uid}:${gid}`, kind === "f" ? file.size : "", target, seconds].join(" ");
  });
  return lines.sort();
}

function plain(name: string): string {
  return name.replace(/^\.\/?/, "");
}
