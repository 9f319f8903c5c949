import { describe, expect, test } from "vitest";
import { certificate, certificateSource, key, keySource } from "../../../../src/config/values/sources.ts";
import { reads, refuses, writes } from "./context.ts";

const tree = { "/conf/key": { mode: 0o600 }, "/conf/open": { mode: 0o644 } };

describe("key", () => {
  reads(
    key,
    [
      ["key", "/conf/key"],
      ["./none//x", "none/x"],
      ["pkcs11:object=a//b", "pkcs11:object=a//b"],
      ["", undefined],
    ],
    tree,
  );
  refuses(
    key,
    [["open", "secret-readable", "S= names /conf/open, which is secret, but its mode 0644 gives everyone access"]],
    tree,
  );
});

describe("certificate", () => {
  reads(
    certificate,
    [
      ["open", "/conf/open"],
      ["none", "none"],
    ],
    tree,
  );
});

describe("source of a key", () => {
  reads(keySource, [
    ["file", { type: "file", source: "" }],
    ["engine:pkcs11", { type: "engine", source: "pkcs11" }],
    ["provider:a:b", { type: "provider", source: "a:b" }],
    ["", undefined],
  ]);
  refuses(keySource, [
    ["enigne:x", "unknown-key-source", "S=enigne: expected file, engine or provider; did you mean engine?"],
  ]);
  writes(keySource, [
    [
      { type: "engine", source: "x" },
      { Type: "engine", Source: "x" },
    ],
  ]);
  test("is a file where nothing is said", () => {
    expect(keySource.empty).toEqual({ type: "file", source: "" });
  });
});

describe("source of a certificate", () => {
  reads(certificateSource, [["provider:a", { type: "provider", source: "a" }]]);
  refuses(certificateSource, [["engine:b", "unknown-certificate-source", "S=engine: expected file or provider"]]);
  writes(certificateSource, [
    [
      { type: "file", source: "" },
      { Type: "file", Source: "" },
    ],
  ]);
});
