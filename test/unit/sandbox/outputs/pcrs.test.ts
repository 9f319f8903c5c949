import { createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { fingerprint, policyDigest } from "../../../../sandbox/outputs/pcrs.ts";

/** What systemd-measure 257 says of these keys, and of the value. */
test.each([
  [
    "RSA",
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCqygApiDYD35Fe0Fkh32GEUmeEiWNt/+HzANTbZ+WssPm8uGZac0vPgC9kNQtwuLdSEqAE0kVDMtq7uY0NiY3YZ6n9F+JI1ECjQKVFO7IpYHKdMLuVaxTs1vIpu601UWAsbyAaFlwupGlOgFTRIh2mttMAI0IHCUE8gQfAaOOiQwIDAQAB",
    "96e5467f1c84727f6d770c6c8d9a773f44e133cfe60510e5f912c0e5bf3177d7",
  ],
  [
    "P-256",
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcjgnxEANW6HDExltmpo/qMFW7iaSZwu006YAlgcafYhPma8VoYZu9hgLbrTUQP3ZPeBqPP02jwrPwEcSSm9JLg==",
    "b755eec7efbfc79b6b40e77fccfc665323d32043454949bd964d8bc873230972",
  ],
])("the fingerprint of a key of %s", (_, key, expected) => {
  expect(fingerprint(createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" }))).toBe(expected);
});

test("the policy of a register's value", () => {
  expect(policyDigest("2efd82b8d64a3cdfd8d4b0af700767f84ca79502f990c7d4ea6959817017b33d")).toBe(
    "cf0ff41d369753ebe7e254bcc18dd4ca236c76e6080d648ef2be915da73b6626",
  );
});
