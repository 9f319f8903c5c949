import { createHash } from "node:crypto";
import { mkdir, open, readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Difference } from "../../sandbox/protocol.ts";
import { workerSpec } from "../../src/session/worker.ts";
import { diffPlan } from "../../src/verbs/diff.ts";
import { cli, project, remove } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { inTools } from "../support/in-tools.ts";
import { makePairs } from "../support/pairs.ts";
import { newestToolsImage } from "../support/tools.ts";

let folder: string;
beforeAll(async () => {
  folder = await project({ "a.txt": "one\n", "b.txt": "two\n", "same.txt": "one\n" });
  await mkdir(join(folder, "pairs"));
});
afterAll(() => remove(folder));

const diff = (...words: string[]) => execa(process.execPath, [cli, "diff", ...words], { cwd: folder, reject: false });

describe("the command line", () => {
  test("0 for the same, and says so", async () => {
    const { exitCode, stdout } = await diff("a.txt", "same.txt");
    expect([exitCode, stdout]).toEqual([0, "a.txt and same.txt are the same"]);
  });

  test("1 for what differs, as text, and as a page", async () => {
    const { exitCode, stdout } = await diff("a.txt", "b.txt", "--html=page.html");
    const expected = [
      "a.txt and b.txt differ: 1 difference",
      "",
      '    content, from byte 0: "one\\n" -> "two\\n"',
      "      @@ -1 +1 @@",
      "      -one",
      "      +two",
    ];
    expect([exitCode, stdout]).toEqual([1, expected.join("\n")]);
    expect(await readFile(join(folder, "page.html"), "utf8")).toContain("<ins>+two</ins>");
  });

  test("2 for wrong use", async () => {
    expect((await diff("a.txt")).exitCode).toBe(2);
    expect((await diff("a.txt", "missing")).exitCode).toBe(2);
  });
});

describe("each of two folders of outputs that differ in one thing", () => {
  const found = new Map<string, string[]>();
  beforeAll(async () => {
    const pairs = join(folder, "pairs");
    await withEngine(async (engine) => inTools(engine, pairs, makePairs, { capable: true }));
    for (const [side, text] of [
      ["a", "one"],
      ["b", "two"],
    ] as const) {
      const file = join(pairs, side, "oci.tar");
      await writeFile(file, await layout(text));
      await utimes(file, 1_600_000_000, 1_600_000_000);
      await utimes(join(pairs, side), 1_600_000_000, 1_600_000_000);
    }
    const { stdout, exitCode, stderr } = await diff("--json", "pairs/a", "pairs/b");
    expect([exitCode, stderr]).toEqual([1, expect.any(String)]);
    for (const difference of (JSON.parse(stdout) as { differences: Difference[] }).differences) {
      const name = difference.place[0]?.name ?? "";
      found.set(name, [...(found.get(name) ?? []), told(difference)]);
    }
  });

  const id = (start: string) => `${start.repeat(8)}-2222-3333-4444-555555555555`;
  const zeros = (first = "00") => [first, ...Array<string>(15).fill("00")].join(" ");
  const motd = 'content: "ello\\n" -> "allo\\n"';

  test.each<[string, string[]]>([
    ["disk-id", [`GPT > disk id: ${id("1")} -> ${id("9")}`]],
    ["partition-id", [`GPT > 1 (root) > partition id: ${id("1")} -> ${id("9")}`]],
    ["partition-attributes", ["GPT > 1 (root) > attributes: 0000000000000000 -> 0000000000000010"]],
    ["ext4-mode", ["GPT > 1 (root) > ext4 > /etc/motd > mode: 0644 -> 0600"]],
    ["ext4-uid", ["GPT > 1 (root) > ext4 > /etc/motd > owner: 0 -> 5"]],
    ["ext4-mtime", ["GPT > 1 (root) > ext4 > /etc/motd > mtime: 2020-09-13T12:26:40Z -> 2017-07-14T02:40:00Z"]],
    ["ext4-ctime", ["GPT > 1 (root) > ext4 > /etc/motd > ctime: 2023-11-14T22:13:20Z -> 2017-07-14T02:40:00Z"]],
    ["ext4-xattr", ['ext4 > /etc/motd > xattr user.note: (none) -> "new"']],
    ["ext4-uuid", [`ext4 > uuid: ${id("1")} -> ${id("9")}`]],
    ["ext4-written", ["ext4 > KiB written: 491 -> 77"]],
    ["ext4-journal", [`ext4 > journal: ${zeros()} -> ${zeros("78")}`]],
    ["ext4-rest", [`ext4 > rest of the last block of /etc/motd: ${zeros()} -> ${zeros("78")}`]],
    ["ext4-content", [`ext4 > /etc/motd > ${motd}`]],
    ["ext4-package", ["ext4 > bash:amd64: 5.1-1 -> 5.1-2"]],
    ["erofs-content", [`erofs > /etc/motd > ${motd}`]],
    ["squashfs-content", [`squashfs > /etc/motd > ${motd}`]],
    ["vfat-content", [`vfat > /EFI/A long name.conf > ${motd}`]],
    ["xfs-content", [`xfs > /etc/motd > ${motd}`]],
    ["xfs-mode", ["xfs > /etc/motd > mode: 0644 -> 0600"]],
    ["erofs-mode", ["erofs > /etc/motd > mode: 0644 -> 0600"]],
    ["squashfs-mode", ["squashfs > /etc/motd > mode: 0644 -> 0600"]],
    ["tar-owner.tar", ["tar > /etc/motd > owner: 0 -> 5", "tar > /etc/motd > group: 0 -> 6"]],
    ["tar-gone.tar", ["tar > /usr > directory: there -> (none)"]],
    ["tar-target.tar", ["tar > /etc/link > target: motd -> note"]],
    ["tar-order.tar", ["tar > member 2: /etc/link -> /etc/motd"]],
    ["zstd.tar.zst", [`zstd > tar > /etc/motd > ${motd}`]],
    ["xz.tar.xz", [`xz > tar > /etc/motd > ${motd}`]],
    ["uki-cmdline.efi", ['EFI program > .cmdline > content: "a quiet" -> "b quiet"']],
    ["uki-row.efi", [`EFI program > .initrd > zstd > part 2 > /etc/motd > ${motd}`]],
    ["damaged.zst", ['zstd > the zstd stream is damaged: end of file -> "xyz"', "zstd > size: 40 -> 43"]],
    ["uki-initrd.efi", [`EFI program > .initrd > zstd > cpio > /etc/motd > ${motd}`]],
    ["package.deb", ['ar > /data.tar.xz > xz > tar > /etc/p > content: "one\\n" -> "two\\n"']],
    ["disk.qcow2", [`qcow2 > ext4 > uuid: ${id("1")} -> ${id("9")}`]],
    ["rpm.tar", ["tar > bash:x86_64: 5.2-1.fc40 -> 5.3-1.fc40"]],
    ["oci.tar", ['tar > latest > 1 > gzip > tar > /file > content: "one" -> "two"']],
  ])("%s", (name, expected) => {
    expect(found.get(`/${name}`)).toEqual(expected);
  });

  test("btrfs, whose ids of devices nobody chooses", () => {
    expect(found.get("/btrfs-content")).toContain(`btrfs > /etc/motd > ${motd}`);
    expect(found.get("/btrfs-mode")).toContain("btrfs > /etc/motd > mode: 0644 -> 0600");
  });

  test("cpio: an owner of every file", () => {
    expect(found.get("/cpio-owner")?.[0]).toBe("cpio > / > owner: 0 -> 7");
    expect(found.get("/cpio-owner")).toHaveLength(12);
  });

  test("bytes that nothing inside explains", () => {
    expect(found.get("/gzip-level.gz")?.[0]).toMatch(/^gzip > gzip header: /);
  });

  test("nothing else differs", () => {
    expect(found.get("/")).toBeUndefined();
  });
});

describe("two images of 2 GiB", () => {
  test("are compared in little memory", async () => {
    const size = 2 * 2 ** 30;
    for (const [name, byte] of [
      ["large-a", 1],
      ["large-b", 2],
    ] as const) {
      const file = join(folder, name);
      await writeFile(file, "");
      await truncate(file, size);
      const handle = await open(file, "r+");
      await handle.write(Buffer.from([byte]), 0, 1, size - 10);
      await handle.close();
    }
    const { events, peak } = await withEngine(async (engine) => {
      const { plan, mounts } = diffPlan(
        [{ a: join(folder, "large-a"), b: join(folder, "large-b") }],
        `test-${process.pid}`,
      );
      const image = await newestToolsImage(engine);
      const spec = workerSpec({ image, plan, build: `test-${process.pid}`, sources: mounts, dist: join(cli, "..") });
      const container = await engine.start({ ...spec, command: ["python3", "-c", measured, ...spec.command] });
      try {
        const [out, errors] = await Promise.all([buffer(container.stdout), buffer(container.stderr), container.wait()]);
        return { events: out.toString(), peak: Number(/peak (\d+)/.exec(errors.toString())?.[1]) };
      } finally {
        await container.remove();
      }
    });
    expect(events).toContain(`"offset":${size - 10}`);
    // KiB.
    expect(peak).toBeLessThan(160 * 1024);
    expect(peak).toBeGreaterThan(0);
  });
});

/** Runs the rest of its arguments with at most 1 GiB of writable memory, and says how much of it was ever resident. */
const measured = `
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))
code = subprocess.run(sys.argv[1:]).returncode
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
`;

function told({ place, what, a = "(none)", b = "(none)" }: Difference): string {
  return `${[...place.slice(1).map(({ name }) => name), what].join(" > ")}: ${a} -> ${b}`;
}

/** An OCI image layout, as a tar, with one file in one layer. */
async function layout(text: string): Promise<Buffer> {
  const { gzipSync } = await import("node:zlib");
  const files: Record<string, string | Buffer> = { "oci-layout": '{"imageLayoutVersion":"1.0.0"}' };
  const blob = (content: Buffer) => {
    const digest = createHash("sha256").update(content).digest("hex");
    files[`blobs/sha256/${digest}`] = content;
    return { digest: `sha256:${digest}`, size: content.length };
  };
  const tar = await tarOf({ file: text });
  const layer = blob(gzipSync(tar));
  const diff = createHash("sha256").update(tar).digest("hex");
  const config = blob(Buffer.from(JSON.stringify({ rootfs: { type: "layers", diff_ids: [`sha256:${diff}`] } })));
  const manifest = blob(Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: [layer] })));
  const annotations = { "org.opencontainers.image.ref.name": "latest" };
  files["index.json"] = JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] });
  return tarOf(files);
}

async function tarOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mtime: new Date(0) }, content);
  archive.finalize();
  return buffer(archive);
}
