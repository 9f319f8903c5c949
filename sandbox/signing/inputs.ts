/** What keys of caches take of what is signed and encrypted: certificates, which stand for their private keys. */
import { join } from "node:path";
import type { Context } from "../context.ts";
import { isOn, readDefinitions } from "../partitions/definitions.ts";
import { type ImagePlan, SOURCES_PATH } from "../protocol.ts";
import { inputs } from "../tree/inputs.ts";
import { keyInputs } from "./keys.ts";

/** Of the system layer, which boot loaders and their certificates are put into. */
export async function systemSigningInputs(context: Context): Promise<Record<string, unknown>> {
  const { secureBootKey, secureBootTool, secureBootAutoEnroll, verityCertificate } = context.image;
  return {
    ...(secureBootKey === undefined ? {} : { secureBootTool, secureBootAutoEnroll }),
    secureBootCertificate: await keyInputs(context, secureBootKey),
    verityCertificate: await inputs(verityCertificate),
  };
}

/**
 * Of an output: kernels, partitions. A passphrase is in no key, not even as a hash, from which a short one could be
 * guessed; nor would the bytes be the same. So what it encrypts is made anew each time.
 */
export async function outputSigningInputs(context: Context): Promise<Record<string, unknown>> {
  const { secureBootKey, secureBootTool, pcrKey, verity, verityKey } = context.image;
  return {
    ...(secureBootKey === undefined ? {} : { secureBootTool }),
    secureBootCertificate: await keyInputs(context, secureBootKey),
    pcrCertificate: await keyInputs(context, pcrKey),
    ...{ verity, verityCertificate: await keyInputs(context, verityKey) },
    encrypted: encrypts(context.image) ? context.plan.build : undefined,
  };
}

/** Whether a partition of the image is encrypted with the passphrase (repart.d(5)). */
export function encrypts({ repartDirectories, passphrase }: ImagePlan): boolean {
  if (passphrase === undefined) return false;
  const folders = repartDirectories.map(({ source }) => join(SOURCES_PATH, source));
  return readDefinitions(folders).some((definition) => isOn(definition, "Encrypt"));
}
