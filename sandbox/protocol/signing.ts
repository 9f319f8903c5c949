import * as z from "zod";
import { Secret, Source } from "./sources.ts";

/** A private key, and the certificate that belongs to it. */
export const SigningKey = z.object({
  /** A file of the user, or what the engine or provider of `keySource` calls it. */
  key: z.union([Secret, z.string()]),
  /** Part of OpenSSL that knows the key; absent: the key is a file. */
  keySource: z.object({ type: z.enum(["engine", "provider"]), name: z.string() }).optional(),
  /** A PEM file of the user, or what the provider calls it. */
  certificate: z.union([Source, z.string()]),
  /** Part of OpenSSL that knows the certificate; absent: it is a file. */
  certificateProvider: z.string().optional(),
});
export type SigningKey = z.infer<typeof SigningKey>;

/** What is signed and encrypted, and with what. */
export const SigningPart = z.object({
  /** Signs what UEFI firmware starts; absent: nothing is signed. */
  secureBootKey: SigningKey.optional(),
  secureBootTool: z.enum(["systemd-sbsign", "sbsign"]),
  /** systemd-boot brings the certificate into firmware that has none. */
  secureBootAutoEnroll: z.boolean(),
  /** Signs the TPM registers to expect; absent: nothing does. */
  pcrKey: SigningKey.optional(),
  verity: z.enum(["disabled", "hash", "signed", "defer", "auto"]),
  /** Signs the root hashes of verity partitions; absent: nothing does. */
  verityKey: SigningKey.optional(),
  /** What the image itself trusts signatures of verity partitions by, and the name that it gets there. */
  verityCertificate: z.object({ source: z.string(), name: z.string() }).optional(),
  /** What is shown to programs that sign with a key of an engine or provider, and nobody else: where its token is. */
  tokenTrees: z.array(z.object({ secret: z.string(), target: z.string() })),
  /** Opens partitions with Encrypt=key-file. */
  passphrase: Secret.optional(),
});
