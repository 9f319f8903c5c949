import { basename, extname } from "node:path";
import type { SigningKey } from "../../../sandbox/protocol.ts";
import type { Config, ResolvedImage } from "../../config/index.ts";
import { type Format, formats } from "../../formats/index.ts";
import type { Sources } from "../sources.ts";
import type { ImageOptions } from "./options.ts";

export function signingPart({ config, image }: ResolvedImage, { sources }: ImageOptions) {
  const use = (purpose: KeyPurpose) =>
    signs(config, purpose) ? signingKey(config, purpose, `${image}-${purpose}`, sources) : undefined;
  const keys = { secureBootKey: use("SecureBoot"), pcrKey: use("SignExpectedPcr"), verityKey: use("Verity") };
  const isTokenUsed = Object.values(keys).some((key) => key?.keySource ?? key?.certificateProvider);
  return {
    ...keys,
    secureBootTool: config.SecureBootSignTool === "sbsign" ? "sbsign" : "systemd-sbsign",
    secureBootAutoEnroll: config.SecureBootAutoEnroll,
    verity: config.Verity,
    tokenTrees: isTokenUsed ? tokenTrees(config, `${image}-token`, sources) : [],
    verityCertificate: trusted(config, `${image}-verity-certificate`, sources),
    passphrase: needsPassphrase(config) ? sources.secret(`${image}-passphrase`, config.Passphrase) : undefined,
  } as const;
}

function tokenTrees({ TokenTrees: trees }: Config, prefix: string, sources: Sources) {
  return trees.map(({ source, target = source }) => ({ ...sources.secret(prefix, source), target }));
}

/** Where systemd-repart makes the output, it is told. */
export function needsPassphrase(config: Config): config is Config & { Passphrase: string } {
  return config.Passphrase !== undefined && formatOf(config).partitioned === true;
}

export type KeyPurpose = "SecureBoot" | "SignExpectedPcr" | "Verity";

/** Whether an image's build signs with the key of a purpose. Where it may, but does not have to, it does where there are both key and certificate. */
export function signs(config: Config, purpose: KeyPurpose): boolean {
  if (purpose === "SecureBoot") return config.SecureBoot;
  const { key, certificate } = keySettings(config, purpose);
  const both = key !== undefined && certificate !== undefined;
  if (purpose === "Verity") {
    if (!formatOf(config).partitioned) return false;
    return config.Verity === "signed" || (config.Verity === "auto" && both);
  }
  if (config.Bootable === "disabled") return false;
  if (config.SignExpectedPcr === "enabled") return true;
  return config.SignExpectedPcr === "auto" && both && (formatOf(config).bootable || config.Bootable === "enabled");
}

/** The settings of a purpose. */
export function keySettings(config: Config, purpose: KeyPurpose) {
  return {
    key: config[`${purpose}Key`],
    keySource: config[`${purpose}KeySource`],
    certificate: config[`${purpose}Certificate`],
    certificateSource: config[`${purpose}CertificateSource`],
  };
}

function signingKey(config: Config, purpose: KeyPurpose, name: string, sources: Sources): SigningKey | undefined {
  const { key, keySource, certificate, certificateSource } = keySettings(config, purpose);
  if (key === undefined || certificate === undefined) return undefined;
  const isFile = { key: keySource.type === "file", certificate: certificateSource.type === "file" };
  return {
    key: isFile.key ? sources.secret(`${name}-key`, key) : key,
    ...(keySource.type === "file" ? {} : { keySource: { type: keySource.type, name: keySource.source } }),
    certificate: isFile.certificate ? sources.source(`${name}-certificate`, certificate) : certificate,
    ...(isFile.certificate ? {} : { certificateProvider: certificateSource.source }),
  };
}

/** An extension trusts nothing itself: what it is laid over does. The name ends as systemd-dissect(1) expects. */
function trusted(
  { VerityCertificate: path, VerityCertificateSource: { type }, Format }: Config,
  name: string,
  sources: Sources,
) {
  if (path === undefined || type !== "file" || formatOf({ Format }).extends || Format === "portable") return undefined;
  return { ...sources.source(name, path), name: `${basename(path, extname(path))}.crt` };
}

function formatOf({ Format }: Pick<Config, "Format">): Format {
  return formats[Format];
}
