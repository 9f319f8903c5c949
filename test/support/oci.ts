import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { type Header, pack } from "tar-stream";
import { type Descriptor, ImageConfig, ImageIndex, ImageLayout, ImageManifest } from "../../sandbox/oci/schema.ts";

export interface Image {
  index: ImageIndex;
  /** Digest of the manifest. */
  digest: string;
  manifest: ImageManifest;
  config: ImageConfig;
}

/** The only image of a layout; every document is held against the specification. */
export async function readImage(layout: string): Promise<Image> {
  ImageLayout.parse(await json(join(layout, "oci-layout")));
  const index = ImageIndex.parse(await json(join(layout, "index.json")));
  const digest = index.manifests[0]?.digest ?? "";
  const manifest = ImageManifest.parse(await json(blob(layout, digest)));
  const config = ImageConfig.parse(await json(blob(layout, manifest.config.digest)));
  return { index, digest, manifest, config };
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}

function blob(layout: string, digest: string): string {
  return join(layout, "blobs", ...digest.split(":"));
}

/** Blobs whose content is not what their name says, and descriptors whose size is not that of their blob. */
export async function wrongBlobs(layout: string, { manifest }: Image): Promise<string[]> {
  const wrong: string[] = [];
  for (const name of await readdir(join(layout, "blobs/sha256"))) {
    const content = await readFile(join(layout, "blobs/sha256", name));
    if (createHash("sha256").update(content).digest("hex") !== name) wrong.push(name);
  }
  for (const { digest, size } of [manifest.config, ...manifest.layers])
    if ((await stat(blob(layout, digest))).size !== size) wrong.push(digest);
  return wrong;
}

/** Writes a layout with one image of the members, or of the bytes, without compression. */
export async function writeLayout(layout: string, layer: Partial<Header>[] | Buffer): Promise<void> {
  await mkdir(join(layout, "blobs/sha256"), { recursive: true });
  const content = Buffer.isBuffer(layer) ? layer : await tar(layer);
  const add = async (mediaType: string, data: Buffer): Promise<Descriptor> => {
    const hash = createHash("sha256").update(data).digest("hex");
    await writeFile(join(layout, "blobs/sha256", hash), data);
    return { mediaType, digest: `sha256:${hash}`, size: data.length };
  };
  const addJson = (type: string, value: unknown) =>
    add(`application/vnd.oci.image.${type}.v1+json`, Buffer.from(JSON.stringify(value)));
  const descriptor = await add("application/vnd.oci.image.layer.v1.tar", content);
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const rootfs = { type: "layers", diff_ids: [descriptor.digest] };
  const config = await addJson("config", { architecture, os: "linux", rootfs });
  const manifest = await addJson("manifest", { schemaVersion: 2, config, layers: [descriptor] });
  await writeFile(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

async function tar(members: Partial<Header>[]): Promise<Buffer> {
  const packed = pack();
  for (const member of members)
    packed.entry({ name: "x", ...member } as Header, member.type === undefined ? "content" : "");
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Runs a program as root of the user's own namespace, where files have the owners that they have in an image. */
export async function asImageRoot(command: string, args: string[]): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  const words = isRoot ? [command, ...args] : ["podman", "unshare", command, ...args];
  const [program = "", ...rest] = words;
  const { stdout } = await execa(program, rest, {
    maxBuffer: 1 << 28,
    env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  return stdout;
}

/** Unpacks an image with umoci; gives back the folder of its tree. */
export async function unpack(layout: string, name: string, to: string): Promise<string> {
  await asImageRoot("umoci", ["unpack", "--image", `${layout}:${name}`, to]);
  return join(to, "rootfs");
}

/** A registry on this machine, for as long as `use` takes, which is given `localhost:PORT`. */
export async function withRegistry<T>(folder: string, use: (host: string) => Promise<T>): Promise<T> {
  const host = `localhost:${await freePort()}`;
  await mkdir(folder, { recursive: true });
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: host },
    log: { accesslog: { disabled: true }, level: "error" },
  };
  await writeFile(join(folder, "config.yml"), JSON.stringify(config));
  const log = createWriteStream(join(folder, "log"));
  const daemon = execa("docker-registry", ["serve", join(folder, "config.yml")], {
    all: true,
    buffer: false,
    reject: false,
  });
  const logged = pipeline(daemon.all, log);
  try {
    await answering(`http://${host}/v2/`);
    return await use(host);
  } finally {
    daemon.kill();
    await Promise.all([daemon, logged]);
  }
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (tries > 200) throw new Error(`nothing answers at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "localhost", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
