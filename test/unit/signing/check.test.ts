import { chmod, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkSigning } from "../../../src/signing/check.ts";
import { openProject } from "../../../src/verbs/project.ts";
import { verbContext } from "../verbs/context.ts";

const fixtures = resolve("test/fixtures/signing");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-signing-"));
  await writeFile(join(folder, "mkosi.conf"), "[Distribution]\nDistribution=debian\nRelease=trixie\n");
});
afterEach(() => rm(folder, { recursive: true }));

/** Files of the fixtures under other names. */
async function put(files: Record<string, string>): Promise<void> {
  for (const [name, fixture] of Object.entries(files)) {
    await copyFile(join(fixtures, fixture), join(folder, name));
    await chmod(join(folder, name), 0o600);
  }
}

async function check(...words: string[]): Promise<void> {
  checkSigning((await openProject(verbContext("-C", folder, ...words, "build"))).config);
}

const pair = { "mkosi.key": "key.pem", "mkosi.crt": "certificate.pem" };

test("a key and its certificate", async () => {
  await put(pair);
  await expect(check("--secure-boot", "--verity=signed", "--sign-expected-pcr=yes")).resolves.toBeUndefined();
});

test("no key at all, where nothing is signed", async () => {
  await expect(check()).resolves.toBeUndefined();
});

describe("refused", () => {
  test.each<[what: string, files: Record<string, string>, words: string[], code: string, message: string]>([
    [
      "no key",
      {},
      ["--secure-boot"],
      "key-missing",
      "SecureBoot=yes, but SecureBootKey= is not set, and there is no mkosi.key",
    ],
    [
      "no certificate",
      { "mkosi.key": "key.pem" },
      ["--verity=signed"],
      "certificate-missing",
      "Verity=signed, but VerityCertificate= is not set, and there is no mkosi.crt",
    ],
    [
      "no key for the TPM's registers",
      {},
      ["--sign-expected-pcr=yes"],
      "key-missing",
      "SignExpectedPcr=yes, but SignExpectedPcrKey= is not set, and there is no mkosi.key",
    ],
    [
      "a key that is not there",
      pair,
      ["--secure-boot", "--secure-boot-key=nowhere"],
      "key-unreadable",
      "SecureBootKey= names FOLDER/nowhere, which does not exist",
    ],
    [
      "the key of another certificate",
      { ...pair, "mkosi.key": "other.pem" },
      ["--secure-boot", "--verity=disabled"],
      "key-mismatch",
      "SecureBootKey= names FOLDER/mkosi.key, which is not the key of FOLDER/mkosi.crt, the certificate of CN=a test",
    ],
    [
      "a key with a passphrase",
      { ...pair, "mkosi.key": "encrypted.pem" },
      ["--secure-boot"],
      "key-encrypted",
      "SecureBootKey= names FOLDER/mkosi.key, a private key with a passphrase: a build cannot ask for it",
    ],
    [
      "a certificate for a key",
      { ...pair, "mkosi.key": "certificate.pem" },
      ["--secure-boot"],
      "key-invalid",
      "SecureBootKey= names FOLDER/mkosi.key: expected a private key in PEM form, found CERTIFICATE",
    ],
    [
      "a key for a certificate",
      { ...pair, "mkosi.crt": "key.pem" },
      ["--secure-boot"],
      "certificate-invalid",
      "SecureBootCertificate= names FOLDER/mkosi.crt: expected an X.509 certificate in PEM form, found PRIVATE KEY",
    ],
    [
      "a key that is no PEM file",
      { ...pair, "mkosi.key": "../../../package.json" },
      ["--secure-boot"],
      "key-invalid",
      "SecureBootKey= names FOLDER/mkosi.key: expected a private key in PEM form, found no PEM block",
    ],
    [
      "keys of two places for one kernel image",
      pair,
      ["--secure-boot", "--secure-boot-key-source=provider:pkcs11", "--secure-boot-key=pkcs11:object=key"],
      "key-sources-differ",
      "SecureBoot= signs with keys of provider:pkcs11 with certificates of file, and SignExpectedPcr= with keys of file with certificates of file: expected the same",
    ],
    [
      "a provider for a tool that knows none",
      pair,
      [
        "--secure-boot",
        "--secure-boot-sign-tool=sbsign",
        "--secure-boot-key-source=provider:pkcs11",
        "--secure-boot-key=pkcs11:object=key",
        "--sign-expected-pcr=no",
      ],
      "sign-tool-unsuitable",
      "SecureBootSignTool=sbsign cannot use a key or a certificate of a provider",
    ],
    [
      "a passphrase that is not there",
      {},
      ["--passphrase=nowhere"],
      "passphrase-unreadable",
      "Passphrase= names FOLDER/nowhere, which does not exist",
    ],
  ])("%s", async (_, files, words, code, message) => {
    await put(files);
    await expect(check(...words)).rejects.toMatchObject({
      code,
      message: message.replaceAll("FOLDER", folder),
      exitCode: 2,
    });
  });

  test("an empty passphrase", async () => {
    await writeFile(join(folder, "mkosi.passphrase"), "", { mode: 0o600 });
    await expect(check()).rejects.toMatchObject({ code: "passphrase-empty" });
  });
});
