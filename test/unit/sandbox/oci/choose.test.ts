import { expect, test } from "vitest";
import { chooseManifest, choosePlatform } from "../../../../sandbox/oci/choose.ts";
import { access, reason, withoutTag } from "../../../../sandbox/oci/registry.ts";
import type { IndexEntry } from "../../../../sandbox/oci/schema.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const entry = (letter: string, more: Partial<IndexEntry> = {}): IndexEntry => ({
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest: digest(letter),
  size: 1,
  ...more,
});
const named = (letter: string, name: string) =>
  entry(letter, { annotations: { "org.opencontainers.image.ref.name": name } });
const on = (letter: string, architecture: string, variant?: string) =>
  entry(letter, { platform: { os: "linux", architecture, ...(variant === undefined ? {} : { variant }) } });
const index = (...manifests: IndexEntry[]) => ({ schemaVersion: 2 as const, manifests });
const amd64 = { architecture: "amd64" };

test("the only one, that of a name, that of a digest, that of the platform", () => {
  const two = index(named("a", "one"), named("b", "two"));
  expect(chooseManifest(index(named("a", "one")), {}, amd64).digest).toBe(digest("a"));
  expect(chooseManifest(two, { name: "two" }, amd64).digest).toBe(digest("b"));
  expect(chooseManifest(two, { digest: digest("a") }, amd64).digest).toBe(digest("a"));
  expect(chooseManifest(index(on("a", "arm64"), on("b", "amd64")), {}, amd64).digest).toBe(digest("b"));
});

test("a variant is compared where both have one", () => {
  const entries = [on("a", "arm", "v6"), on("b", "arm", "v7"), on("c", "arm64")];
  expect(choosePlatform(entries, { architecture: "arm", variant: "v7" }).digest).toBe(digest("b"));
  expect(choosePlatform(entries, { architecture: "arm64", variant: "v8" }).digest).toBe(digest("c"));
});

test.each([
  [
    () => chooseManifest(index(named("a", "one")), { name: "two" }, amd64),
    "oci-not-found",
    "the layout has no image two",
  ],
  [() => chooseManifest(index(), {}, amd64), "oci-not-found", "the layout has no image"],
  [
    () => chooseManifest(index(on("a", "arm64"), on("b", "s390x")), {}, amd64),
    "oci-not-found",
    "no image is for linux/amd64; there are linux/arm64, linux/s390x",
  ],
  [
    () => choosePlatform([on("a", "amd64"), on("b", "amd64")], amd64),
    "oci-ambiguous",
    "several images are meant: one without a name, one without a name",
  ],
])("what is not there, or not clear: %#", (choose, code, message) => {
  expect(choose).toThrow(expect.objectContaining({ code, message }));
});

test.each([
  ["localhost:5000/a/b:1", "localhost:5000/a/b"],
  ["host.example/a", "host.example/a"],
  [`host.example/a:1@${digest("a")}`, "host.example/a"],
])("%s without its tag", (image, expected) => {
  expect(withoutTag(image)).toBe(expected);
});

test.each<[string, string[]]>([
  ["localhost:5000/a", ["--src-tls-verify=false"]],
  ["127.0.0.1/a", ["--src-tls-verify=false"]],
  ["localhost.example/a", []],
  ["10.0.0.1:5000/a", []],
])("how %s is spoken to", (image, expected) => {
  expect(access({ image }, "--src-")).toEqual(expected);
});

test("credentials are a file", () => {
  const words = access({ image: "host.example/a", credentials: { secret: "s" } }, "--dest-");
  expect(words).toEqual(["--dest-authfile=/run/caisson/auth.json"]);
});

test("what skopeo says", () => {
  const log = 'time="2026-01-01T00:00:00Z" level=fatal msg="reading manifest: \\"latest\\" unknown"';
  expect(reason(["noise", log, "more"])).toBe('reading manifest: "latest" unknown');
  expect(reason(["plain"])).toBe("plain");
});
