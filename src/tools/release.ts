import { type Key, readCleartextMessage, readKeys, verify } from "openpgp";
import { UserError } from "../errors.ts";
import { readStanzas } from "./deb822.ts";

/** A verified release file. `Valid-Until` is not looked at: a lock must outlive it. */
export interface Release {
  codename: string;
  /** As in the file: `Sat, 21 Nov 2026 09:15:44 UTC`. */
  date: string;
  /** SHA-256 of each index, by path below the release's folder. */
  hashes: Map<string, string>;
}

/** `armoredKeys` are the files of tools-images/debian/*.asc. */
export async function readTrustedKeys(armoredKeys: string[]): Promise<Key[]> {
  return (await Promise.all(armoredKeys.map((armored) => readKeys({ armoredKeys: armored })))).flat();
}

/**
 * Verifies the text of an InRelease file (cleartext signature framework, RFC 9580 section 7) and reads it.
 * Throws UserError `signature-key-unknown` where no trusted key made a signature, `signature-invalid` where a
 * trusted key's signature does not fit the text. `url` is for messages.
 */
export async function readRelease(text: string, keys: Key[], url: string): Promise<Release> {
  const [stanza] = readStanzas(await verifiedText(text, keys, url));
  return {
    codename: stanza?.get("codename") ?? "",
    date: stanza?.get("date") ?? "",
    hashes: readHashes(stanza?.get("sha256") ?? ""),
  };
}

async function verifiedText(text: string, keys: Key[], url: string): Promise<string> {
  const message = await readCleartextMessage({ cleartextMessage: text }).catch((error: Error) => {
    throw invalid(url, `it is not a signed file (${error.message})`, error);
  });
  // No date: the host's clock must not decide whether an archive is genuine.
  const result = await verify({ message, verificationKeys: keys, date: null as unknown as Date });
  const known = result.signatures.filter(({ keyID }) => keys.some((key) => key.getKeys(keyID).length > 0));
  if (known.length === 0)
    throw unknownKey(
      url,
      result.signatures.map(({ keyID }) => keyID.toHex().toUpperCase()),
    );
  for (const { keyID, verified } of known) {
    await verified.catch((error: Error) => {
      throw invalid(url, `key ${keyID.toHex().toUpperCase()}: ${error.message}`, error);
    });
  }
  // What was verified, and nothing that stands around the signed part.
  return result.data;
}

function readHashes(field: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const line of field.split("\n")) {
    const [hash, , path] = line.split(/\s+/);
    if (hash && path) hashes.set(path, hash);
  }
  return hashes;
}

function invalid(url: string, detail: string, cause: Error): UserError {
  return new UserError("signature-invalid", `the signature of ${url} is wrong: ${detail}`, {
    hint: "The mirror or something on the way changed the file. Try another mirror with CAISSON_DEBIAN_MIRROR=URL.",
    cause,
  });
}

function unknownKey(url: string, ids: string[]): UserError {
  return new UserError(
    "signature-key-unknown",
    `${url} is signed with ${ids.length > 0 ? ids.join(", ") : "no key"}, none of which is in tools-images/debian/*.asc`,
    { hint: "Name a mirror of Debian's own archive with CAISSON_DEBIAN_MIRROR=URL." },
  );
}
