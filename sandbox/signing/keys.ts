/**
 * How tools get at private keys: by path, read-only, in the namespace of the tool that signs, and nowhere else. Keys are
 * neither read by this program nor copied.
 *
 * Signatures of RSA keys (PKCS #1 v1.5) are the same each time. Those of elliptic curves are not: OpenSSL draws a new
 * number for each. With such a key two builds of one plan differ in their signatures.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { conceal } from "../conceal.ts";
import type { Context } from "../context.ts";
import { BuildError, quote } from "../errors.ts";
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
  const token = tokenUse(context);
  return {
    ...{ key: signing.key, certificate, keySource: `${type}:${source}` },
    ...{ binds: [...binds, ...token.binds], environment: token.environment },
  };
}

/** Where programs find a token: TokenTrees=, and what Environment= says of it, such as SOFTHSM2_CONF. */
function tokenUse({ image }: Context): Pick<KeyUse, "binds" | "environment"> {
  const binds = image.tokenTrees.map(({ secret, target }) => ({
    source: join(SOURCES_PATH, secret),
    target,
    readOnly: true,
  }));
  return { binds, environment: image.environment };
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
    await writeFile(file, await exported(context, certificate, provider ?? ""));
  });
  return file;
}

/** openssl-x509(1). With SoftHSM it has done its work, and crashes while the module is unloaded. */
async function exported(context: Context, certificate: string, provider: string): Promise<string> {
  const words = ["openssl", "x509", "-provider", provider, "-provider", "default", "-in", certificate];
  const options = { ...tokenUse(context), stdout: "capture" as const, accept: [0, 128 + constants.signals.SIGSEGV] };
  const { stdout } = await context.run([...words, "-outform", "PEM"], options);
  const pem = /^-----BEGIN CERTIFICATE-----\n.*?\n-----END CERTIFICATE-----\n/ms.exec(stdout)?.[0];
  if (pem !== undefined) return pem;
  throw new BuildError("certificate-unusable", `${context.image.name}: the provider ${provider} has no certificate`, {
    hint: "See the settings Certificate= and CertificateSource=; TokenTrees= and Environment= say where the token is",
    command: conceal(quote(words)),
  });
}
