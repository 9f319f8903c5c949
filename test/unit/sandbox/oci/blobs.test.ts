import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Blobs } from "../../../../sandbox/oci/blobs.ts";

const folder = mkdtempSync(join(tmpdir(), "caisson-blobs-"));
const text = "content";
const encoded = createHash("sha256").update(text).digest("hex");
const digest = `sha256:${encoded}`;
const blobs = new Blobs(join(folder, "image"), (...parts) => join("blobs", ...parts));
const other = `sha256:${"0".repeat(64)}`;

beforeAll(() => {
  mkdirSync(join(folder, "image/blobs/sha256"), { recursive: true });
  writeFileSync(join(folder, "outside"), text);
  writeFileSync(join(folder, "image/blobs/sha256", encoded), text);
  writeFileSync(join(folder, "image/blobs/sha256", "0".repeat(64)), text);
  symlinkSync("../outside", join(folder, "image/index.json"));
  mkdirSync(join(folder, "image/oci-layout"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a blob that is what its digest says", async () => {
  expect(await blobs.text({ mediaType: "a/b", digest, size: 7 })).toBe(text);
});

test.each([
  [{ digest, size: 8 }, `${digest}: it has 7 bytes, not 8`],
  [{ digest: other, size: 7 }, `${other}: its content has the digest ${digest}`],
  [{ digest: `sha256:${"1".repeat(64)}`, size: 7 }, `blobs/sha256/${"1".repeat(64)}: there is no such file`],
  [{ digest: "blake3:00", size: 7 }, "blake3:00: digests of blake3 cannot be checked"],
])("a blob that is not: %#", async (descriptor, message) => {
  await expect(blobs.path(descriptor)).rejects.toThrow(expect.objectContaining({ code: "oci-invalid", message }));
});

test.each([
  ["index.json", "index.json: it is no file of the image"],
  ["oci-layout", "oci-layout: it is no file of the image"],
  ["gone", "gone: there is no such file"],
])("the document %s", async (name, message) => {
  await expect(blobs.document(name)).rejects.toThrow(expect.objectContaining({ code: "oci-invalid", message }));
});
