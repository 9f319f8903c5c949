import { expect, test } from "vitest";
import { parseUri } from "../../../../../sandbox/package-managers/apt/resolve.ts";

const HASH = "0123456789abcdef".repeat(4);

test("what apt would fetch", () => {
  const uri = "http://mirror.example/debian/pool/main/a/apt/apt_3.0.3_amd64.deb";
  expect(parseUri(`'${uri}' apt_3.0.3_amd64.deb 1393032 SHA256:${HASH}`)).toEqual({
    name: "apt",
    version: "3.0.3",
    architecture: "amd64",
    uri,
    size: 1393032,
    sha256: HASH,
  });
});

test.each([
  ["libstdc++6_14.2.0-19_amd64.deb", { name: "libstdc++6", version: "14.2.0-19", architecture: "amd64" }],
  ["login_1%3a4.16.0-2_amd64.deb", { name: "login", version: "1:4.16.0-2", architecture: "amd64" }],
  ["tzdata_2025b-4+deb13u1_all.deb", { version: "2025b-4+deb13u1", architecture: "all" }],
  ["coreutils_9.5-1_arm64.ddeb", { name: "coreutils", version: "9.5-1", architecture: "arm64" }],
])("%s", (file, expected) => {
  expect(parseUri(`'http://m/${file}' ${file} 1 SHA256:${HASH}\n`)).toMatchObject(expected);
});

test.each([
  "",
  "Reading package lists...",
  `'http://m/a_1_all.deb' a_1_all.deb 1 MD5Sum:${HASH.slice(32)}`,
  `'http://m/a_1_all.deb' a_1_all.deb 1 SHA256:${HASH.slice(1)}`,
  `'http://m/a_1_all.deb' a_1_all.deb many SHA256:${HASH}`,
])("no package: %s", (line) => {
  expect(parseUri(line)).toBeUndefined();
});
