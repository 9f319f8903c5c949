import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createCleartextMessage, generateKey, type Key, type PrivateKey, readKey, readPrivateKey, sign } from "openpgp";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { fetchIndex, fetchRelease, sha256 } from "../../../src/tools/archive.ts";
import { readTrustedKeys } from "../../../src/tools/release.ts";
import { serve, type TestServer } from "./server.ts";

const PACKAGES = gzipSync("Package: tiny\n");
const INDEX = "/dists/trixie/main/binary-amd64/Packages.gz";

let signer: PrivateKey;
let trusted: Key;
let server: TestServer;
let folder: string;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKey({ userIDs: [{ name: "Test archive" }], format: "armored" });
  signer = await readPrivateKey({ armoredKey: privateKey });
  trusted = await readKey({ armoredKey: publicKey });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-archive-"));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const path = () => join(folder, "Packages.gz");

async function signedRelease(): Promise<string> {
  const text = [
    "Codename: trixie",
    "Date: Sat, 05 Sep 2020 09:15:44 UTC",
    "Valid-Until: Sat, 12 Sep 2020 09:15:44 UTC",
    "SHA256:",
    ` ${sha256(PACKAGES)} ${PACKAGES.length} main/binary-amd64/Packages.gz`,
  ].join("\n");
  return sign({ message: await createCleartextMessage({ text }), signingKeys: signer });
}

function options(keys: Key[] = [trusted]) {
  return { mirror: server.url, suite: "trixie", component: "main", keys, environment: {}, delays: [] };
}

test("verifies a release, though it expired, and the index that it names", async () => {
  server = await serve({ "/dists/trixie/InRelease": await signedRelease(), [INDEX]: PACKAGES });
  const release = await fetchRelease(options());
  expect(release).toMatchObject({ codename: "trixie", date: "Sat, 05 Sep 2020 09:15:44 UTC" });
  await fetchIndex(release, "amd64", path(), options());
  expect(await readFile(path())).toEqual(PACKAGES);
});

test("prefers the index by its hash", async () => {
  const byHash = `/dists/trixie/main/binary-amd64/by-hash/SHA256/${sha256(PACKAGES)}`;
  server = await serve({ "/dists/trixie/InRelease": await signedRelease(), [byHash]: PACKAGES });
  await fetchIndex(await fetchRelease(options()), "amd64", path(), options());
  expect(server.asked).toEqual(["/dists/trixie/InRelease", byHash]);
});

test("signature-invalid: a changed text", async () => {
  server = await serve({ "/dists/trixie/InRelease": (await signedRelease()).replace("trixie", "evil") });
  const id = signer.getKeyID().toHex().toUpperCase();
  await expect(fetchRelease(options())).rejects.toMatchObject({
    code: "signature-invalid",
    message: `the signature of ${server.url}/dists/trixie/InRelease is wrong: key ${id}: Signed digest did not match`,
  });
});

test("signature-invalid: no signature at all", async () => {
  server = await serve({ "/dists/trixie/InRelease": "Codename: trixie\n" });
  await expect(fetchRelease(options())).rejects.toMatchObject({
    code: "signature-invalid",
    message: `the signature of ${server.url}/dists/trixie/InRelease is wrong: it is not a signed file (Misformed armored text)`,
  });
});

test("signature-key-unknown", async () => {
  server = await serve({ "/dists/trixie/InRelease": await signedRelease() });
  const { publicKey } = await generateKey({ userIDs: [{ name: "Another" }], format: "armored" });
  const id = signer.getKeyID().toHex().toUpperCase();
  await expect(fetchRelease(options(await readTrustedKeys([publicKey])))).rejects.toMatchObject({
    code: "signature-key-unknown",
    message: `${server.url}/dists/trixie/InRelease is signed with ${id}, none of which is in tools-images/debian/*.asc`,
  });
});

test("index-hash-mismatch", async () => {
  const other = gzipSync("Package: other\n");
  server = await serve({ "/dists/trixie/InRelease": await signedRelease(), [INDEX]: other });
  const release = await fetchRelease(options());
  await expect(fetchIndex(release, "amd64", path(), options())).rejects.toMatchObject({
    code: "index-hash-mismatch",
    message: `${server.url}${INDEX} has SHA-256 ${sha256(other)}, but the signed release file says ${sha256(PACKAGES)}`,
  });
});

test("index-not-listed", async () => {
  server = await serve({ "/dists/trixie/InRelease": await signedRelease() });
  const release = await fetchRelease(options());
  await expect(fetchIndex(release, "riscv64", path(), options())).rejects.toMatchObject({
    code: "index-not-listed",
    message: `${server.url}/dists/trixie/InRelease does not list main/binary-riscv64/Packages.gz`,
  });
});

test("suite-not-found", async () => {
  server = await serve({});
  await expect(fetchRelease(options())).rejects.toMatchObject({
    code: "suite-not-found",
    message: `${server.url} has no suite trixie: ${server.url}/dists/trixie/InRelease is not there`,
  });
});
