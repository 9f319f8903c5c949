import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addFiles, names, project, remove, succeed } from "../support/caisson.ts";
import { statInRoot } from "../support/disk.ts";
import { owners } from "../support/images.ts";
import { type Member, readTar } from "../support/tar.ts";

/** cap_net_raw=ep as struct vfs_cap_data of version 2 (capabilities(7)); version 3 would name a user namespace. */
const PING_CAPABILITY = "01000002002000000000000000000000" + "00000000";

let folder: string;
beforeAll(async () => {
  folder = await project(owners);
});
afterAll(() => remove(folder));

describe("tar", () => {
  let members: Map<string, Member>;
  beforeAll(async () => {
    const { events } = await succeed(folder, ["--format=tar", "-f", "build"]);
    const output = events.find((event) => event.type === "output");
    const sha256 = await hash(join(folder, "image.tar"));
    expect(output).toMatchObject({ image: "main", file: "image.tar", sha256 });
    members = await readTar(join(folder, "image.tar"));
  });

  test.each([
    ["etc/passwd", { uid: 0, gid: 0, mode: 0o644, type: "file" }],
    ["etc/shadow", { uid: 0, gid: 42, mode: 0o640, type: "file" }],
    ["etc/motd", { uid: 0, gid: 0, mode: 0o644, text: "from mkosi.extra\n" }],
    ["etc/hostname", { uid: 0, gid: 0, mode: 0o644, text: "owners\n" }],
    ["home/alice", { uid: 1000, gid: 1000, mode: 0o700, type: "directory" }],
    ["home/alice/note", { uid: 1000, gid: 1000, mode: 0o640, text: "written by tmpfiles" }],
    ["var/lib/daemond", { uid: 400, gid: 400, mode: 0o2750, type: "directory" }],
    ["usr/bin/su", { uid: 0, gid: 0, mode: 0o4755, type: "file" }],
    ["tmp", { uid: 0, gid: 0, mode: 0o1777, type: "directory" }],
    ["bin", { uid: 0, gid: 0, type: "symlink", linkname: "usr/bin" }],
  ])("%s", (name, expected) => {
    expect(members.get(name)).toMatchObject(expected);
  });

  test("a helper that belongs to a system group, and is setuid", () => {
    const group = /^messagebus:x:(\d+):/m.exec(members.get("etc/group")?.text ?? "")?.[1];
    const helper = members.get("usr/lib/dbus-1.0/dbus-daemon-launch-helper");
    expect(helper).toMatchObject({ uid: 0, gid: Number(group), mode: 0o4754 });
  });

  test("the names of owners do not come from the tools image", () => {
    for (const [name, { uname, gname }] of members) expect([name, uname, gname]).toEqual([name, "", ""]);
  });

  test("ping's capability, in the version that names no user namespace", () => {
    const value = members.get("usr/bin/ping")?.xattrs["security.capability"];
    expect(Buffer.from(value ?? "").toString("hex")).toBe(PING_CAPABILITY);
  });

  test("a hard link", () => {
    const links = [...members.values()].filter(
      ({ type, name }) => type === "link" && /usr\/bin\/perl[\d.]*$/.test(name),
    );
    expect(links.map(({ name, linkname }) => [plain(name), plain(linkname ?? "")])).toEqual([
      ["usr/bin/perl5.36.0", "usr/bin/perl"],
    ]);
  });

  test("built again from nothing, it has the same bytes", async () => {
    const before = await hash(join(folder, "image.tar"));
    const { events } = await succeed(folder, ["--format=tar", "-ff", "build"]);
    expect(events.filter((event) => event.type === "layer" && event.cached)).toEqual([]);
    expect(await hash(join(folder, "image.tar"))).toBe(before);
  });

  test("built again with nothing changed, every layer is reused", async () => {
    const { events } = await succeed(folder, ["--format=tar", "-f", "build"]);
    expect(events.filter((event) => event.type === "layer" && !event.cached)).toEqual([]);
  });

  test("an output that was changed since is written again", async () => {
    const image = join(folder, "image.tar");
    const before = await hash(image);
    await appendFile(image, "x");
    await succeed(folder, ["--format=tar", "-f", "build"]);
    expect(await hash(image)).toBe(before);
  });

  test("a changed file of mkosi.extra arrives, and the packages are not installed again", async () => {
    await addFiles(folder, { "mkosi.extra/etc/motd": "changed\n" });
    const { events } = await succeed(folder, ["--format=tar", "-f", "build"]);
    expect(events.filter((event) => event.type === "layer" && event.cached)).not.toEqual([]);
    expect((await readTar(join(folder, "image.tar"))).get("etc/motd")?.text).toBe("changed\n");
    await addFiles(folder, owners);
  });
});

describe("disk", () => {
  const disk = () => join(folder, "image.raw");
  beforeAll(async () => {
    await succeed(folder, ["--format=disk", "-f", "build"]);
  });

  test.each([
    ["/etc/shadow", { uid: 0, gid: 42, mode: "0640", type: "regular" }],
    ["/home/alice", { uid: 1000, gid: 1000, mode: "0700", type: "directory" }],
    ["/home/alice/note", { uid: 1000, gid: 1000, mode: "0640", type: "regular" }],
    ["/var/lib/daemond", { uid: 400, gid: 400, mode: "02750", type: "directory" }],
    ["/usr/bin/su", { uid: 0, gid: 0, mode: "04755", type: "regular" }],
    ["/bin", { uid: 0, gid: 0, type: "symlink", target: "usr/bin" }],
  ])("%s", async (name, expected) => {
    expect(await statInRoot(disk(), name)).toMatchObject(expected);
  });

  test("ping's capability, in the version that names no user namespace", async () => {
    const { capability } = await statInRoot(disk(), "/usr/bin/ping");
    expect(capability?.replaceAll(" ", "")).toBe(PING_CAPABILITY);
  });

  test("a hard link", async () => {
    const [perl, link] = await Promise.all(
      ["perl", "perl5.36.0"].map((name) => statInRoot(disk(), `/usr/bin/${name}`)),
    );
    expect(link).toEqual(perl);
    expect(perl?.links).toBe(2);
  });

  test("built again from nothing, it has the same bytes", async () => {
    const before = await hash(disk());
    await succeed(folder, ["--format=disk", "-ff", "build"]);
    expect(await hash(disk())).toBe(before);
  });
});

test("clean removes the outputs and nothing else", async () => {
  await succeed(folder, ["--format=tar", "-f", "build"]);
  await succeed(folder, ["--format=tar", "clean"]);
  expect(await names(folder)).not.toContain("image.tar");
  expect(await names(folder)).toEqual(expect.arrayContaining(["mkosi.conf", "mkosi.extra"]));
});

async function hash(file: string): Promise<string> {
  const sha256 = createHash("sha256");
  await pipeline(createReadStream(file), sha256);
  return sha256.digest("hex");
}

function plain(name: string): string {
  return name.replace(/^\.\//, "");
}
