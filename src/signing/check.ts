import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import type { Config, ResolvedProject } from "../config/index.ts";
import { UserError } from "../errors.ts";
import { type KeyPurpose, keySettings, needsPassphrase, signs } from "../plan/image/signing.ts";

const purposes: readonly KeyPurpose[] = ["SecureBoot", "SignExpectedPcr", "Verity"];

const makeKeys = "Make a key and a certificate with: caisson genkey";

/**
 * Looks at the keys and certificates that a build signs with, before it starts. Throws UserError `key-missing`,
 * `certificate-missing`, `key-sources-differ`, `sign-tool-unsuitable`, `key-unreadable`, `key-invalid`, `key-encrypted`,
 * `certificate-unreadable`, `certificate-invalid`, `key-mismatch`, `passphrase-unreadable`, `passphrase-empty`. No
 * message has anything of a key's content.
 */
export function checkSigning({ images, workingDirectory }: ResolvedProject): void {
  for (const { config } of images) {
    for (const purpose of purposes.filter((each) => signs(config, each))) checkPair(config, purpose, workingDirectory);
    checkSources(config);
    if (needsPassphrase(config)) checkPassphrase(resolve(workingDirectory, config.Passphrase));
  }
}

/** ukify(1) takes one source for all keys of an image, and sbsign(1) knows no providers. */
function checkSources(config: Config): void {
  if (!signs(config, "SecureBoot")) return;
  const secureBoot = sourcesOf(config, "SecureBoot");
  if (signs(config, "SignExpectedPcr") && sourcesOf(config, "SignExpectedPcr") !== secureBoot)
    throw wrong(
      "key-sources-differ",
      `SecureBoot= signs with keys of ${secureBoot}, and SignExpectedPcr= with keys of ${sourcesOf(config, "SignExpectedPcr")}: expected the same`,
      "Set the KeySource= and CertificateSource= of both alike, or SignExpectedPcr=no",
    );
  const { SecureBootSignTool: tool, SecureBootKeySource: key, SecureBootCertificateSource: certificate } = config;
  if (tool === "sbsign" && (key.type === "provider" || certificate.type === "provider"))
    throw wrong(
      "sign-tool-unsuitable",
      "SecureBootSignTool=sbsign cannot use a key or a certificate of a provider",
      "Leave SecureBootSignTool= out, which means systemd-sbsign, or use an engine",
    );
}

function sourcesOf(config: Config, purpose: KeyPurpose): string {
  const { keySource, certificateSource } = keySettings(config, purpose);
  return `${sourceText(keySource)} with certificates of ${sourceText(certificateSource)}`;
}

function sourceText({ type, source }: { type: string; source: string }): string {
  return source === "" ? type : `${type}:${source}`;
}

function checkPair(config: Config, purpose: KeyPurpose, directory: string): void {
  const settings = keySettings(config, purpose);
  const { key: keyName, certificate: certificateName } = settings;
  const asks = `${purpose}=${valueText(config[purpose])}`;
  if (keyName === undefined) throw missing("key-missing", `${asks}, but ${purpose}Key= is not set`, "mkosi.key");
  if (certificateName === undefined)
    throw missing("certificate-missing", `${asks}, but ${purpose}Certificate= is not set`, "mkosi.crt");
  const key = isFile(settings.keySource) ? readKey(resolve(directory, keyName), `${purpose}Key=`) : undefined;
  const certificate = isFile(settings.certificateSource)
    ? readCertificate(resolve(directory, certificateName), `${purpose}Certificate=`)
    : undefined;
  if (key === undefined || certificate === undefined || certificate.checkPrivateKey(key)) return;
  throw wrong(
    "key-mismatch",
    `${purpose}Key= names ${keyName}, which is not the key of ${certificateName}, the certificate of ${subject(certificate)}`,
    "Name the key that the certificate was made for, or make both anew with: caisson genkey -f",
  );
}

function isFile({ type }: { type: string }): boolean {
  return type === "file";
}

function valueText(value: string | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === "enabled" ? "yes" : value;
}

/** What is in a PEM file is told by its labels (RFC 7468) alone. */
function readKey(path: string, setting: string): KeyObject {
  const text = read(path, setting, "key");
  const labels = labelsOf(text);
  const isEncrypted = labels.includes("ENCRYPTED PRIVATE KEY") || /^Proc-Type: 4,ENCRYPTED$/m.test(text);
  if (isEncrypted)
    throw wrong(
      "key-encrypted",
      `${setting} names ${path}, a private key with a passphrase: a build cannot ask for it`,
      `Write it without one: openssl pkey -in ${path} -out NEW; or keep it on a token, with ${setting.replace("=", "Source=")}`,
    );
  try {
    return createPrivateKey(text);
  } catch {
    throw wrong(
      "key-invalid",
      `${setting} names ${path}: expected a private key in PEM form, found ${foundText(labels)}`,
      makeKeys,
    );
  }
}

function readCertificate(path: string, setting: string): X509Certificate {
  const text = read(path, setting, "certificate");
  const labels = labelsOf(text);
  try {
    if (labels.length > 0) return new X509Certificate(text);
  } catch {
    // Told below, with what was found.
  }
  throw wrong(
    "certificate-invalid",
    `${setting} names ${path}: expected an X.509 certificate in PEM form, found ${foundText(labels)}`,
    `${makeKeys}; a certificate in DER form becomes one with: openssl x509 -inform DER -in ${path}`,
  );
}

function labelsOf(text: string): string[] {
  return [...text.matchAll(/^-----BEGIN ([A-Z0-9 ]+)-----\r?$/gm)].map(([, label = ""]) => label);
}

function foundText(labels: readonly string[]): string {
  return labels.length === 0 ? "no PEM block" : labels.join(", ");
}

/** Its content is not told, nor is a newline at its end part of what people type. */
function checkPassphrase(path: string): void {
  if (read(path, "Passphrase=", "passphrase") !== "") return;
  throw wrong("passphrase-empty", `Passphrase= names ${path}, which is empty: expected a passphrase without a newline`);
}

function read(path: string, setting: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    const hint = code === "ENOENT" && what !== "passphrase" ? { hint: makeKeys } : {};
    throw new UserError(`${what}-unreadable`, `${setting} names ${path}, which ${why}`, {
      exitCode: ExitCode.usage,
      ...hint,
    });
  }
}

function subject(certificate: X509Certificate): string {
  return certificate.subject.split("\n").join(", ");
}

function missing(code: string, message: string, file: string): UserError {
  return wrong(code, `${message}, and there is no ${file}`, makeKeys);
}

function wrong(code: string, message: string, hint?: string): UserError {
  return new UserError(code, message, { exitCode: ExitCode.usage, ...(hint === undefined ? {} : { hint }) });
}
