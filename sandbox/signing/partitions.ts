import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { type ImagePlan, SOURCES_PATH } from "../protocol.ts";
import type { Bind } from "../run.ts";
import { keyUse, keyWords } from "./keys.ts";

const PASSPHRASE = "/run/caisson/keys/passphrase";
const THROW_AWAY = "/run/caisson/keys/none";

/** What systemd-repart(8) is given to sign verity partitions and to encrypt with. */
export interface RepartSigning {
  words: string[];
  binds: Bind[];
  environment: Record<string, string>;
}

/**
 * Every pass over a disk needs it: systemd-repart looks at the definitions of partitions that are there already, too.
 * Signatures have no time in them (PKCS #7 without attributes).
 *
 * An encrypted partition is never the same twice: cryptsetup draws the volume key, the salts and the padding of its
 * header at random, and takes neither from a caller. It has to be so: a volume key that followed from the image's seed
 * would be known to everybody who knows the image's configuration.
 */
export async function repartSigning(context: Context): Promise<RepartSigning> {
  const { verity, verityKey, passphrase } = context.image;
  const signing: RepartSigning = { words: [], binds: [], environment: {} };
  if (verityKey !== undefined) {
    const use = await keyUse(context, "verity", verityKey);
    signing.words.push(...keyWords(use));
    signing.binds.push(...use.binds);
    signing.environment = use.environment;
  }
  if (verity === "defer") {
    const folder = await throwAwayKey(context);
    signing.words.push(`--certificate=${THROW_AWAY}/certificate`, `--private-key=${THROW_AWAY}/key`);
    signing.binds.push({ source: folder, target: THROW_AWAY, readOnly: true });
  }
  if (passphrase !== undefined) {
    signing.words.push(`--key-file=${PASSPHRASE}`);
    signing.binds.push({ source: join(SOURCES_PATH, passphrase.secret), target: PASSPHRASE, readOnly: true });
  }
  return signing;
}

/**
 * systemd-repart before 258 wants a key for a signature that it is not to make yet. It is given one that signs nothing,
 * in a folder of the container's own.
 */
async function throwAwayKey(context: Context): Promise<string> {
  return context.share("throw-away key", async () => {
    const folder = await mkdtemp(join(tmpdir(), "caisson-key-"));
    const words = ["openssl", "req", "-quiet", "-new", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    const files = ["-keyout", `${THROW_AWAY}/key`, "-out", `${THROW_AWAY}/certificate`];
    await context.run([...words, "-noenc", "-subj", "/CN=none/", ...files], {
      binds: [{ source: folder, target: THROW_AWAY }],
    });
    return folder;
  });
}

/** Types of the partitions that have signatures, as systemd-repart calls them. */
export function signatureTypes({ architecture }: Pick<ImagePlan, "architecture">): string[] {
  return [`root-${architecture}-verity-sig`, `usr-${architecture}-verity-sig`];
}

/** With Verity=defer, signatures get their place on the disk, and nothing is written there. */
export function deferredSignatures(image: Pick<ImagePlan, "architecture" | "verity">): string[] {
  return image.verity === "defer" ? signatureTypes(image) : [];
}

/** Verity=signed is a promise. Throws BuildError `verity-unsigned`. */
export function requireSignature(image: ImagePlan, partitions: readonly { type: string }[]): void {
  const types = signatureTypes(image);
  if (image.verity !== "signed" || partitions.some(({ type }) => types.some((each) => type.startsWith(each)))) return;
  throw new BuildError(
    "verity-unsigned",
    `${image.name}: Verity=signed, and no partition of the disk has a verity signature`,
    {
      hint: "RepartDirectories= needs a definition with Type=root-verity-sig and Verity=signature (repart.d(5)), or set Verity=auto",
    },
  );
}
