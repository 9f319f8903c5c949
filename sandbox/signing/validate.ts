import type { Context } from "../context.ts";
import { BuildError, ToolError } from "../errors.ts";
import type { SigningKey } from "../protocol.ts";
import { keyUse, keyWords } from "./keys.ts";

/**
 * Tries the keys that are no files, before anything is built: the host could not look at them. Throws BuildError
 * `key-unusable`, where a token is not there or does not have the key, or where it is not the certificate's.
 */
export async function validateKeys(context: Context): Promise<void> {
  const { secureBootKey, pcrKey, verityKey } = context.image;
  for (const [purpose, key] of Object.entries({
    SecureBoot: secureBootKey,
    SignExpectedPcr: pcrKey,
    Verity: verityKey,
  }))
    if (key !== undefined && (key.keySource !== undefined || key.certificateProvider !== undefined))
      await validate(context, purpose, key);
}

/** systemd-keyutil(1). */
async function validate(context: Context, purpose: string, signing: SigningKey): Promise<void> {
  try {
    const use = await keyUse(context, "validate", signing);
    await context.run(["/usr/lib/systemd/systemd-keyutil", "validate", ...keyWords(use)], {
      binds: use.binds,
      environment: use.environment,
    });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const said = error.output.map((line) => line.trim()).findLast((line) => line !== "") ?? error.message;
    throw new BuildError("key-unusable", `${context.image.name}: the key of ${purpose}= cannot be used: ${said}`, {
      hint: `See ${purpose}Key=, ${purpose}KeySource= and ${purpose}Certificate=; TokenTrees= and Environment= say where the token is`,
      command: error.command,
      tail: error.tail,
      cause: error,
    });
  }
}
