import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Container, ContainerSpec, Engine } from "../../src/engine/engine.ts";
import { UserError } from "../../src/errors.ts";

export const BUSYBOX = "/bin/busybox";
const APPLETS = ["sh", "cat", "echo", "ls", "mkdir", "mount", "rm", "sleep", "touch", "id", "head", "seq"];
const LABEL = `caisson.test=${process.pid}`;
const IMAGE = `localhost/caisson-test:${process.pid}`;
const VOLUME = `caisson-test-${process.pid}`;
const labels = { "caisson.test": String(process.pid) };

/** What every engine must do. Needs a static busybox (Debian: busybox-static); says so where there is none. */
export function engineContract(open: () => Promise<Engine>): void {
  const reason = existsSync(BUSYBOX) ? "" : ` (skipped: no ${BUSYBOX}; install busybox-static)`;
  describe.skipIf(reason !== "")(`an engine${reason}`, () => suite(open));
}

function suite(open: () => Promise<Engine>): void {
  let engine: Engine;
  const spec = (script: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
    image: IMAGE,
    command: ["/bin/sh", "-c", script],
    labels,
    ...more,
  });
  const start = (script: string, more: Partial<ContainerSpec> = {}) => engine.start(spec(script, more));
  const output = async (script: string, more: Partial<ContainerSpec> = {}) => finish(await start(script, more));

  beforeAll(async () => {
    engine = await open();
    await engine.importImage(await busyboxRoot(), IMAGE);
  });

  afterAll(async () => {
    for (const { id } of await engine.listContainers(LABEL)) await engine.removeContainer(id);
    await engine.removeVolume(VOLUME);
    for (const { id } of await engine.listImages(LABEL)) await engine.removeImage(id);
    await engine.removeImage(IMAGE);
    await engine.close();
  });

  it("describes itself", async () => {
    const info = await engine.info();
    expect(info.version).toMatch(/^\d+\.\d+/);
    expect(info.storageDriver).toMatch(/^[a-z0-9-]+$/);
    expect(info.storagePath).toMatch(/^\//);
    expect(info.architecture).toMatch(/^(x86-64|arm64|riscv64|ppc64-le|s390x)$/);
    expect(info.cpus).toBeGreaterThan(0);
    expect(info.memory).toBeGreaterThan(2 ** 28);
  });

  it("has an imported image, and knows none that was never made", async () => {
    const image = await engine.findImage(IMAGE);
    expect(image?.references.join()).toContain("caisson-test");
    expect(await engine.findImage("localhost/caisson-test:never")).toBeUndefined();
    expect(image && (await engine.findImage(image.id))?.id).toBe(image?.id);
  });

  it("keeps standard output and error apart and returns the exit code", async () => {
    expect(await output("echo out; echo err >&2; exit 7")).toEqual({ stdout: "out\n", stderr: "err\n", code: 7 });
  });

  it("loses nothing that is written at once", async () => {
    for (let round = 0; round < 5; round++) {
      expect(await output("echo first")).toEqual({ stdout: "first\n", stderr: "", code: 0 });
    }
  });

  it("returns from a container that ends without a word", async () => {
    for (let round = 0; round < 8; round++) {
      expect(await output("exit 3")).toEqual({ stdout: "", stderr: "", code: 3 });
    }
  });

  it("carries much output whole", async () => {
    const { stdout } = await output("seq 1 200000");
    expect(stdout.length).toBe(1_288_895);
    expect(stdout.endsWith("\n199999\n200000\n")).toBe(true);
  });

  it("passes standard input on, and its end", async () => {
    const container = await start("cat; echo end");
    container.stdin.write("one\n");
    container.stdin.end("two\n");
    expect(await finish(container)).toEqual({ stdout: "one\ntwo\nend\n", stderr: "", code: 0 });
  });

  it("starts with an empty standard input", async () => {
    const container = await start("cat");
    container.stdin.end();
    expect(await finish(container)).toEqual({ stdout: "", stderr: "", code: 0 });
  });

  it("kills, and says by which signal", async () => {
    const container = await start("trap '' TERM; echo ready; while :; do sleep 1; done");
    await firstLine(container.stdout);
    await container.kill("SIGKILL");
    expect(await container.wait()).toBe(137);
    await container.kill("SIGKILL");
    await container.remove();
    await container.remove();
  });

  it("lets a process end at SIGTERM by itself", async () => {
    const container = await start("trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done");
    await firstLine(container.stdout);
    await container.kill("SIGTERM");
    expect(await container.wait()).toBe(9);
    await container.remove();
  });

  it("puts files in before the start", async () => {
    const files = { "/caisson/plan.json": '{"a":1}', "/bytes": Buffer.from([0, 1, 255]) };
    const { stdout } = await output("cat /caisson/plan.json; id -u; ls -ln /bytes", { files });
    expect(stdout).toMatch(/^\{"a":1\}0\n-rw-r--r-- +1 0 +0 +3 /);
  });

  it("sets the environment and no network", async () => {
    const { stdout } = await output("echo $GREETING; ls /sys/class/net", { environment: { GREETING: "a b" } });
    expect(stdout).toBe("a b\nlo\n");
  });

  it("keeps a volume's content, and makes it only once", async () => {
    await engine.ensureVolume(VOLUME);
    await engine.ensureVolume(VOLUME);
    const mounts = [{ kind: "volume" as const, source: VOLUME, target: "/store", readOnly: false }];
    await output("echo kept >/store/file", { mounts });
    expect((await output("cat /store/file", { mounts })).stdout).toBe("kept\n");
  });

  it("mounts folders of the host, read-only where asked", async (context) => {
    if (engine.remote) return context.skip("the engine is on another machine");
    const folder = await mkdtemp(join(tmpdir(), "caisson-bind-"));
    await writeFile(join(folder, "in"), "host\n");
    const mounts = (readOnly: boolean) => [{ kind: "bind" as const, source: folder, target: "/mnt", readOnly }];
    const denied = await output("cat /mnt/in; echo x >/mnt/out", { mounts: mounts(true) });
    expect(denied.stdout).toBe("host\n");
    expect(denied.stderr).toContain("Read-only file system");
    await output("echo out >/mnt/out", { mounts: mounts(false) });
    expect(await readFile(join(folder, "out"), "utf8")).toBe("out\n");
    await rm(folder, { recursive: true });
  });

  it("lists containers by label, running or not, and removes them", async () => {
    const container = await start("sleep 1000");
    expect(await engine.listContainers(LABEL)).toContainEqual(
      expect.objectContaining({ id: container.id, running: true, labels: expect.objectContaining(labels) }),
    );
    await container.kill("SIGKILL");
    await container.wait();
    const ended = (await engine.listContainers(LABEL)).find(({ id }) => id === container.id);
    expect(ended?.running).toBe(false);
    await engine.removeContainer(container.id);
    await engine.removeContainer(container.id);
    expect((await engine.listContainers(LABEL)).map(({ id }) => id)).not.toContain(container.id);
  });

  it("lets a capable container mount an overlay on a volume, proc and tmpfs", async () => {
    await engine.ensureVolume(VOLUME);
    const mounts = [{ kind: "volume" as const, source: VOLUME, target: "/store", readOnly: false }];
    const script = `set -e
      cd /store && rm -rf overlay && mkdir -p overlay/lower overlay/upper overlay/work overlay/merged && cd overlay
      echo below >lower/file && mkdir lower/dir && touch lower/dir/old
      mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work,userxattr,volatile overlay merged
      rm merged/file && rm -r merged/dir && mkdir merged/dir && touch merged/dir/new
      ls merged merged/dir
      mount -t tmpfs tmpfs /mnt
      mount -t proc proc /mnt
      echo done`;
    expect(await output(script, { mounts, capable: true })).toEqual({
      stdout: "merged:\ndir\n\nmerged/dir:\nnew\ndone\n",
      stderr: "",
      code: 0,
    });
  });

  it("denies a container that is not capable its mounts", async () => {
    const { code } = await output("mount -t tmpfs tmpfs /mnt");
    expect(code).not.toBe(0);
  });

  it("commits an ended container with labels", async () => {
    const reference = `${IMAGE}-commit`;
    const container = await start("echo new >/committed");
    await container.wait();
    const image = await container.commit(reference, { ...labels, "caisson.words": "two words" });
    await container.remove();
    expect(image.labels).toMatchObject({ ...labels, "caisson.words": "two words" });
    expect((await output("cat /committed", { image: reference })).stdout).toBe("new\n");
    expect((await engine.listImages(LABEL)).map(({ id }) => id.replace("sha256:", ""))).toContain(
      image.id.replace("sha256:", ""),
    );
    await engine.removeImage(reference);
    expect(await engine.findImage(reference)).toBeUndefined();
    await engine.removeImage(reference);
  });

  it("builds an image from a context, and shows the output", async () => {
    const reference = `${IMAGE}-build`;
    const lines: string[] = [];
    const image = await engine.buildImage(context(`RUN ["/bin/sh", "-c", "echo building-$WORD; echo $WORD >/built"]`), {
      reference,
      arguments: { BASE: IMAGE, WORD: "bird" },
      labels,
      onOutput: (line) => lines.push(line),
    });
    expect(image.labels).toMatchObject(labels);
    expect(lines).toContain("building-bird");
    expect((await output("cat /built", { image: reference })).stdout).toBe("bird\n");
    await engine.removeImage(reference);
  });

  it("says with its last lines why an image could not be built", async () => {
    const failing = context(`RUN ["/bin/sh", "-c", "echo so far; exit 5"]`);
    const attempt = engine.buildImage(failing, { reference: `${IMAGE}-failed`, arguments: { BASE: IMAGE }, labels });
    const error = await attempt.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: "image-build-failed", exitCode: 1 });
    expect((error as UserError).message).toMatch(/so far\n[\s\S]*(exit status|non-zero code:) 5/);
  });

  it("gives a terminal of the size asked for", async () => {
    const container = await start("test -t 0 && echo terminal; read line; echo got $line", { tty: true });
    await container.resize({ columns: 80, rows: 24 });
    container.stdin.write("word\n");
    const { stdout, code } = await finish(container);
    expect(stdout).toBe("terminal\r\nword\r\ngot word\r\n");
    expect(code).toBe(0);
  });

  it("leaves nothing behind where a container cannot start", async () => {
    const before = await engine.listContainers(LABEL);
    await expect(engine.start({ ...spec(""), command: ["/no/such/program"] })).rejects.toThrow(/no\/such\/program/);
    expect(await engine.listContainers(LABEL)).toEqual(before);
  });
}

async function finish(container: Container): Promise<{ stdout: string; stderr: string; code: number }> {
  const [stdout, stderr, code] = await Promise.all([text(container.stdout), text(container.stderr), container.wait()]);
  await container.remove();
  return { stdout, stderr, code };
}

async function firstLine(stream: Readable): Promise<string> {
  for (let seen = ""; ; ) {
    const chunk: Buffer | null = stream.read();
    if (chunk !== null) seen += chunk.toString();
    if (seen.includes("\n")) return seen;
    await new Promise((resolve) => stream.once("readable", resolve));
  }
}

/** A root with nothing but busybox. */
export async function busyboxRoot(): Promise<Readable> {
  const archive = pack();
  for (const folder of ["bin", "dev", "etc", "mnt", "proc", "store", "sys", "tmp"]) {
    archive.entry({ name: `${folder}/`, type: "directory", mode: 0o755 });
  }
  archive.entry({ name: "bin/busybox", mode: 0o755 }, await readFile(BUSYBOX));
  for (const applet of APPLETS) archive.entry({ name: `bin/${applet}`, type: "symlink", linkname: "busybox" });
  archive.finalize();
  return Readable.from(archive);
}

function context(step: string): Readable {
  const archive = pack();
  archive.entry({ name: "Containerfile" }, `ARG BASE\nFROM $BASE\nARG WORD\n${step}\n`);
  archive.finalize();
  return Readable.from(archive);
}
