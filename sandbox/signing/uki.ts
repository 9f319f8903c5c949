import type { Context } from "../context.ts";
import type { Bind } from "../run.ts";
import { stoppedClock } from "./clock.ts";
import { type KeyUse, keyUse } from "./keys.ts";

/** What ukify(1) is given to sign with. */
export interface UkiSigning {
  words: string[];
  binds: Bind[];
  environment: Record<string, string>;
}

/**
 * Signs a unified kernel image and the kernel in it for Secure Boot, and the values that TPM registers will have for it
 * (systemd-measure(1), in all of its phases), where the image asks for either.
 */
export async function ukiSigning(context: Context): Promise<UkiSigning> {
  const parts = [await secureBoot(context), await registers(context)].filter((part) => part !== undefined);
  if (parts.length === 0) return { words: [], binds: [], environment: {} };
  const sources = new Set(parts.flatMap(({ use }) => (use.keySource === undefined ? [] : [sourceWord(use.keySource)])));
  return {
    words: [...sources, ...parts.flatMap(({ words }) => words)],
    binds: unique(parts.flatMap(({ use }) => use.binds)),
    environment: Object.assign({}, ...parts.map(({ use }) => use.environment), stoppedClock(context.epoch)),
  };
}

/** An addon is signed, and none of its registers is known before it meets a kernel image. */
export async function addonSigning(context: Context): Promise<UkiSigning> {
  const part = await secureBoot(context);
  if (part === undefined) return { words: [], binds: [], environment: {} };
  const { use, words } = part;
  const source = use.keySource === undefined ? [] : [sourceWord(use.keySource)];
  const environment = { ...use.environment, ...stoppedClock(context.epoch) };
  return { words: [...source, ...words.filter((word) => word !== "--sign-kernel")], binds: use.binds, environment };
}

interface Part {
  use: KeyUse;
  words: string[];
}

async function secureBoot(context: Context): Promise<Part | undefined> {
  const { secureBootKey, secureBootTool } = context.image;
  if (secureBootKey === undefined) return undefined;
  const use = await keyUse(context, "secure-boot", secureBootKey);
  const words = [`--signtool=${secureBootTool}`, "--sign-kernel", `--secureboot-private-key=${use.key}`];
  return { use, words: [...words, `--secureboot-certificate=${use.certificate}`] };
}

/** A key that is no file does not tell its public half; ukify before 258 takes the certificate for it as a public key. */
async function registers(context: Context): Promise<Part | undefined> {
  const { pcrKey } = context.image;
  if (pcrKey === undefined) return undefined;
  const use = await keyUse(context, "pcr", pcrKey);
  const words = ["--pcr-banks=sha256", `--pcr-private-key=${use.key}`];
  return { use, words: use.keySource === undefined ? words : [...words, `--pcr-public-key=${use.certificate}`] };
}

/** `provider:pkcs11` as ukify takes it. */
function sourceWord(source: string): string {
  return source.replace(/^(engine|provider):/, "--signing-$1=");
}

/** Both keys may be of one token. */
function unique(binds: readonly Bind[]): Bind[] {
  return [...new Map(binds.map((bind) => [bind.target, bind])).values()];
}
