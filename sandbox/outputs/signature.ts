/**
 * OpenPGP signatures. A private key is seen by the tool that signs alone: gpg gets a copy of the keyring in memory, with
 * an agent that ends with it; sqop the file.
 */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError, ToolError } from "../errors.ts";
import { type ImagePlan, SOURCES_PATH } from "../protocol.ts";
import type { RunOptions, RunResult } from "../run.ts";
import { sha256, valueHash } from "../tree/hash.ts";
import { besidePath } from "./beside.ts";

type Signature = NonNullable<ImagePlan["signature"]>;

const KEYRING = "/run/caisson/keyring";
const KEY = "/run/caisson/key";
const FOLDER = "/run/caisson/output";

/** Signs the list of checksums, beside which the signature lies. Throws BuildError `signing-failed`. */
export async function writeSignature(context: Context, list: string): Promise<void> {
  const { signature } = context.image;
  if (!signature) return;
  const path = besidePath(context.image, dirname(list), "signature");
  await explained(context, async () => {
    if (signature.tool === "gpg") await signWithGpg(context, signature, list, path);
    else await sqop(context, signature, ["sign", KEY], { input: await readFile(list), stdout: { file: path } });
  });
}

/** What a key of a cache takes: the public key stands for the private one. Throws BuildError `signing-failed`. */
export async function signatureInputs(context: Context): Promise<string | undefined> {
  const { signature } = context.image;
  if (!signature) return undefined;
  return explained(context, async () => {
    if (signature.tool === "gpg") return valueHash((await secretKeys(context, signature)).map(({ id }) => id));
    const input = await readFile(join(SOURCES_PATH, signature.key.secret));
    return sha256((await sqop(context, signature, ["extract-cert"], { input, stdout: "capture" })).stdout);
  });
}

/**
 * The signature's time is the epoch, or that of the newest key where that is later: a key signs nothing before it is
 * made. With it the same key makes the same signature (libgcrypt draws no random numbers: RFC 6979, RFC 8032).
 */
async function signWithGpg(context: Context, signature: Gpg, list: string, path: string): Promise<void> {
  const keys = await secretKeys(context, signature);
  const time = Math.max(context.epoch, ...keys.map(({ created }) => created));
  const user = signature.key === undefined ? [] : ["--local-user", signature.key];
  const files = [path, list].map((file) => join(FOLDER, basename(file)));
  const words = ["--pinentry-mode=loopback", `--faked-system-time=${time}!`, ...user, "--detach-sign", "--output"];
  await gpg(context, signature, [...words, ...files], { binds: [{ source: dirname(list), target: FOLDER }] });
}

type Gpg = Extract<Signature, { tool: "gpg" }>;

interface SecretKey {
  /** Fingerprint. */
  id: string;
  /** Seconds. */
  created: number;
}

/** The keys that a signature may come from, with their subkeys. Throws BuildError `signing-failed` where there is none. */
async function secretKeys(context: Context, signature: Gpg): Promise<SecretKey[]> {
  const names = signature.key === undefined ? [] : ["--", signature.key];
  const words = ["--with-colons", "--list-secret-keys", ...names];
  const { stdout } = await gpg(context, signature, words, { stdout: "capture", accept: [0, 2] });
  const keys = readSecretKeys(stdout);
  if (keys.length > 0) return keys;
  const which = signature.key === undefined ? "a private key that is valid" : `the private key of ${signature.key}`;
  throw new BuildError("signing-failed", `${context.image.name}: the keyring of gpg does not have ${which}`, {
    hint: "gpg --list-secret-keys shows what it has. Name a key with Key=, and another keyring with GNUPGHOME.",
  });
}

/** GnuPG's DETAILS, "Format of the colon listings". Expired, revoked and disabled keys are left out. */
export function readSecretKeys(listing: string): SecretKey[] {
  const keys: SecretKey[] = [];
  let created: number | undefined;
  for (const line of listing.split("\n")) {
    const fields = line.split(":");
    if (["sec", "ssb"].includes(fields[0] ?? ""))
      created = /[eridn]/.test(fields[1] ?? "") ? undefined : Number(fields[5]);
    if (fields[0] !== "fpr" || created === undefined) continue;
    keys.push({ id: fields[9] ?? "", created });
    created = undefined;
  }
  return keys;
}

/** The files of a keyring that gpg needs, and none of its sockets and locks. */
const COPY_KEYRING = `
set -eu
umask 077
mkdir "$GNUPGHOME"
for name in private-keys-v1.d pubring.kbx pubring.gpg secring.gpg public-keys.d trustdb.gpg gpg.conf common.conf; do
  [ ! -e "$KEYRING/$name" ] || cp -r -- "$KEYRING/$name" "$GNUPGHOME/"
done
exec "$@"
`;

function gpg(context: Context, signature: Gpg, words: string[], options: RunOptions): Promise<RunResult> {
  const keyring = { source: join(SOURCES_PATH, signature.home.secret), target: KEYRING, readOnly: true };
  return context.run(["sh", "-c", COPY_KEYRING, "sh", "gpg", "--batch", "--no-tty", ...words], {
    ...options,
    environment: { GNUPGHOME: "/run/gnupg", KEYRING },
    binds: [keyring, ...(options.binds ?? [])],
  });
}

type Sqop = Extract<Signature, { tool: "sqop" }>;

/** The command line that Stateless OpenPGP tools share (draft-dkg-openpgp-stateless-cli). */
function sqop(context: Context, { key }: Sqop, words: string[], options: RunOptions): Promise<RunResult> {
  const bind = { source: join(SOURCES_PATH, key.secret), target: KEY, readOnly: true };
  return context.run(["sqop", ...words], { ...options, binds: [bind] });
}

async function explained<T>({ image }: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const said = error.output.filter((line) => line.trim() !== "").at(-1) ?? error.message;
    throw new BuildError("signing-failed", `${image.name}: the checksums could not be signed: ${said}`, {
      hint: "Key= has to be valid, able to sign, and without a passphrase, which a build cannot ask for.",
      command: error.command,
      tail: error.tail,
      cause: error,
    });
  }
}
