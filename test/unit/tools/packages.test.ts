import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256 } from "../../../src/tools/archive.ts";
import { fetchPackages } from "../../../src/tools/packages.ts";
import { serve, type TestServer } from "./server.ts";

const CONTENT = Buffer.from("a package");
const TINY = {
  name: "tiny",
  version: "1.0-1",
  filename: "pool/main/t/tiny/tiny_1.0-1_all.deb",
  size: CONTENT.length,
  sha256: sha256(CONTENT),
};
const PATH = `/${TINY.filename}`;

let server: TestServer;
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "caisson-test-"));
});

afterEach(async () => {
  await server.close();
  await rm(cache, { recursive: true });
});

const options = (delays: number[] = []) => ({ mirror: server.url, environment: { XDG_CACHE_HOME: cache }, delays });
const cached = () => readdir(join(cache, "caisson/packages"));

test("fetches into the cache, with progress, and only once", async () => {
  server = await serve({ [PATH]: CONTENT });
  const progress: [number, number][] = [];
  await fetchPackages([TINY], { ...options(), onProgress: (...event) => progress.push(event) });
  await fetchPackages([TINY], options());
  expect(await readFile(join(cache, "caisson/packages", `${TINY.sha256}.deb`))).toEqual(CONTENT);
  expect(progress).toEqual([[9, 9]]);
  expect(server.asked).toEqual([PATH]);
});

test("tries again when the mirror fails for a moment", async () => {
  server = await serve({ [PATH]: [503, CONTENT] });
  await fetchPackages([TINY], options([0]));
  expect(server.asked).toEqual([PATH, PATH]);
});

test("tries again when a transfer breaks off, whose bytes are no progress", async () => {
  server = await serve({ [PATH]: [0, CONTENT] });
  const progress: [number, number][] = [];
  await fetchPackages([TINY], { ...options([0]), onProgress: (...event) => progress.push(event) });
  expect(await readFile(join(cache, "caisson/packages", `${TINY.sha256}.deb`))).toEqual(CONTENT);
  expect(progress.map(([current]) => current)).toEqual([5, 0, 9]);
});

test("mirror-unreachable: every transfer breaks off, and nothing stays", async () => {
  server = await serve({ [PATH]: [0, 0] });
  await expect(fetchPackages([TINY], options([0]))).rejects.toMatchObject({
    code: "mirror-unreachable",
    message: `cannot get ${server.url}${PATH}: aborted`,
  });
  expect(await cached()).toEqual([]);
});

test("asks a proxy for the whole URL", async () => {
  server = await serve({ [`http://mirror.example/debian${PATH}`]: CONTENT });
  const environment = { XDG_CACHE_HOME: cache, http_proxy: server.url };
  await fetchPackages([TINY], { mirror: "http://mirror.example/debian", environment });
  expect(await cached()).toEqual([`${TINY.sha256}.deb`]);
});

test("package-hash-mismatch, and nothing gets into the cache", async () => {
  const other = Buffer.from("a packagf");
  server = await serve({ [PATH]: other });
  await expect(fetchPackages([TINY], options())).rejects.toMatchObject({
    code: "package-hash-mismatch",
    message: `${server.url}${PATH} has SHA-256 ${sha256(other)}, expected ${TINY.sha256}`,
  });
  expect(await cached()).toEqual([]);
});

test("package-left-mirror names every one", async () => {
  server = await serve({});
  const huge = {
    ...TINY,
    name: "huge",
    version: "2:3",
    filename: "pool/main/h/huge/huge_3_all.deb",
    sha256: "1".repeat(64),
  };
  await expect(fetchPackages([TINY, huge], options())).rejects.toMatchObject({
    code: "package-left-mirror",
    message: `the tools image's lock names packages that ${server.url} no longer has: huge 2:3, tiny 1.0-1`,
    hint: "Run: caisson tools update (or build with --tools-update, which makes a new lock for this host)",
  });
});

test("mirror-unreachable: it keeps failing", async () => {
  server = await serve({ [PATH]: 503 });
  await expect(fetchPackages([TINY], options([0, 0]))).rejects.toMatchObject({
    code: "mirror-unreachable",
    message: `cannot get ${server.url}${PATH}: HTTP status 503`,
    hint: "Check the network, or name another mirror with CAISSON_DEBIAN_MIRROR=URL.",
  });
  expect(server.asked).toHaveLength(3);
});

test("mirror-unreachable: it refuses", async () => {
  server = await serve({ [PATH]: 403 });
  await expect(fetchPackages([TINY], options([0]))).rejects.toMatchObject({
    code: "mirror-unreachable",
    message: `cannot get ${server.url}${PATH}: HTTP status 403`,
  });
  expect(server.asked).toHaveLength(1);
});

test("mirror-unreachable: nobody listens", async () => {
  server = await serve({});
  await server.close();
  const { host } = new URL(server.url);
  await expect(fetchPackages([TINY], options())).rejects.toMatchObject({
    code: "mirror-unreachable",
    message: `cannot get ${server.url}${PATH}: connect ECONNREFUSED ${host}`,
  });
});
