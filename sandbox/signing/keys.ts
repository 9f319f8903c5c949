/**
 * How tools get at private keys: by path, read-only, in the namespace of the tool that signs, and nowhere else. Keys are
 * neither read by this program nor copied.
 *
 * Signatures of RSA keys (PKCS #1 v1.5) are the same each time. Those of elliptic curves are not: OpenSSL draws a new
 * number for each. With such a key two builds of one plan differ in their signatures.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type SigningKey, SOURCES_PATH } from "../protocol.ts";
import type { Bind } from "../run.ts";
import { fileHash, valueHash } from "../tree/hash.ts";

/** Where tools see the files of a key. */
const FOLDER = "/run/caisson/keys";

export interface KeyUse {
  /** What a tool is told: a path, or what the engine or provider calls the key. */
  key: string;
  /** A path. */
  certificate: string;
  /** As systemd's tools write it: `provider:pkcs11`. Absent: the key is a file. */
  keySource?: string;
  binds: Bind[];
  environment: Record<string, string>;
}

/** What a tool that signs needs. `name` tells the files of several keys apart. */
export async function keyUse(context: Context, name: string, signing: SigningKey): Promise<KeyUse> {
  const certificate = `${FOLDER}/${name}.crt`;
  const binds = [{ source: await certificateFile(context, signing), target: certificate, readOnly: true }];
  if (typeof signing.key !== "string") {
    const key = `${FOLDER}/${name}.key`;
    binds.push({ source: join(SOURCES_PATH, signing.key.secret), target: key, readOnly: true });
    return { key, certificate, binds, environment: {} };
  }
  const { type, name: source } = signing.keySource ?? { type: "provider", name: "" };
  const environment = context.image.environment;
  return { key: signing.key, certificate, keySource: `${type}:${source}`, binds, environment };
}

/** The words that systemd's tools have in common: systemd-sbsign(1), systemd-repart(8), bootctl(1), systemd-keyutil(1). */
export function keyWords({ key, certificate, keySource }: KeyUse): string[] {
  const words = [`--certificate=${certificate}`, `--private-key=${key}`];
  return keySource === undefined ? words : [...words, `--private-key-source=${keySource}`];
}

/** What a key of a cache takes: the certificate stands for the private key. */
export async function keyInputs(context: Context, signing: SigningKey | undefined): Promise<string | undefined> {
  return signing === undefined ? undefined : fileHash(await certificateFile(context, signing));
}

/** The certificate as a PEM file: the user's own, or a copy of what a provider has. */
async function certificateFile(context: Context, signing: SigningKey): Promise<string> {
  const { certificate, certificateProvider: provider } = signing;
  if (typeof certificate !== "string") return join(SOURCES_PATH, certificate.source);
  const folder = join(context.work, "certificates");
  const file = join(folder, `${valueHash({ certificate, provider }).slice(0, 16)}.crt`);
  await context.share(file, async () => {
    await mkdir(folder, { recursive: true });
    const words = ["openssl", "x509", "-provider", provider ?? "", "-provider", "default", "-in", certificate];
    await context.run([...words, "-outform", "PEM"], {
      environment: context.image.environment,
      stdout: { file },
    });
  });
  return file;
}
