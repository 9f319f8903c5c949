import { expect, test } from "vitest";
import { baseClosure } from "../../../src/tools/closure.ts";
import { readStanzas } from "../../../src/tools/deb822.ts";
import { RelationsTable } from "../../../src/tools/package-index.ts";
import { parseUris } from "../../../src/tools/update.ts";

function index(text: string) {
  const table = new RelationsTable();
  for (const stanza of readStanzas(text)) table.add(stanza);
  return table;
}

const BASE = `
Package: base-files
Essential: yes
Pre-Depends: awk
Depends: libc6:any (>= 2.38)

Package: libc6

Package: gawk
Priority: optional
Provides: awk

Package: mawk
Priority: required
Provides: awk (= 1)

Package: apt
Depends: missing | keyring, libc6

Package: keyring

Package: unneeded
`;

test("takes essential packages and what they need: alternatives and providers by priority", () => {
  expect(baseClosure(index(BASE), ["apt"])).toEqual(["apt", "base-files", "keyring", "libc6", "mawk"]);
});

test("says what is missing", () => {
  expect(() => baseClosure(index(BASE), ["dpkg"])).toThrow("the index has no package dpkg");
  expect(() => baseClosure(index("Package: a\nDepends: b | c (>= 1)\n"), ["a"])).toThrow(
    "a needs b or c, which the index lacks",
  );
});

test("reads what apt would fetch, sorted: the order is part of the key", () => {
  const lines = [
    "Reading package lists...",
    "'file:/caisson/index/./pool/main/z/zstd/zstd_1.5.7_amd64.deb' zstd_1.5.7_amd64.deb 1 SHA256:00",
    "'file:/caisson/index/./pool/main/a/apt/apt_3.0.3_amd64.deb' apt_3.0.3_amd64.deb 1393032 SHA256:00",
    "'file:/caisson/index/./pool/main/g/gcc-14/libstdc%2b%2b6_14.2.0-19_amd64.deb' libstdc++6_14.2.0-19_amd64.deb 1 SHA256:00",
  ];
  expect(parseUris(lines)).toEqual(["apt", "libstdc++6", "zstd"]);
});
