import { homedir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../sandbox/exit-code.ts";
import { BESIDE_SUFFIXES, SPLIT_SUFFIXES } from "../../../sandbox/protocol.ts";
import type { Config, ResolvedImage } from "../../config/index.ts";
import { UserError } from "../../errors.ts";
import { compressions } from "../../formats/index.ts";
import type { ImageOptions } from "./options.ts";

/** What only goes into other images is one file, and has nothing beside it. */
export function deliveryPart(resolved: ResolvedImage, options: ImageOptions) {
  const { config, image } = resolved;
  if (!options.deliver) return { splitArtifacts: [], manifestFormat: [], checksum: false };
  const { NSpawnSettings: settings } = config;
  return {
    splitArtifacts: config.SplitArtifacts,
    pcrCertificate: config.SplitArtifacts.includes("pcrs") ? pcrCertificate(resolved, options) : undefined,
    manifestFormat: config.ManifestFormat,
    nspawnSettings: settings === undefined ? undefined : options.sources.source(`${image}-nspawn`, settings),
    outputMode: config.OutputMode,
    checksum: config.Checksum,
    signature: config.Sign && config.Checksum ? signature(resolved, options) : undefined,
  };
}

/** Throws UserError `certificate-missing`: the digests name the key that is going to sign them. */
function pcrCertificate({ config, image }: ResolvedImage, { sources }: ImageOptions) {
  const { SignExpectedPcrCertificate: path, SignExpectedPcrCertificateSource: source } = config;
  if (path !== undefined && source.type === "file") return sources.source(`${image}-pcr-certificate`, path);
  throw new UserError("certificate-missing", "SplitArtifacts=pcrs needs SignExpectedPcrCertificate=, a file", {
    exitCode: ExitCode.usage,
    hint: "Name the certificate of the key that is going to sign the registers' values",
  });
}

function signature({ config, image }: ResolvedImage, { sources, scripting }: ImageOptions) {
  const { Key: key, OpenPGPTool: tool } = config;
  if (tool !== "gpg") return { tool: "sqop" as const, key: sources.secret(`${image}-openpgp-key`, key ?? "") };
  return {
    tool: "gpg" as const,
    key,
    home: sources.secret(`${image}-gnupg`, keyringFolder(config, scripting.environment)),
  };
}

/** Where gpg(1) keeps keys: Environment= of the configuration says it, the caller's environment, or else the home folder. */
export function keyringFolder(
  { Environment }: Config,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const home = environment.HOME ?? homedir();
  return Environment.GNUPGHOME ?? environment.GNUPGHOME ?? join(home, ".gnupg");
}

/** Names of what is made from an output. */
export function listNames(config: Config): string[] {
  const suffixes: string[] = config.ManifestFormat.map((format) => BESIDE_SUFFIXES[format]);
  if (config.NSpawnSettings !== undefined) suffixes.push(BESIDE_SUFFIXES.nspawnSettings);
  if (config.Checksum) suffixes.push(BESIDE_SUFFIXES.checksum);
  if (config.Sign && config.Checksum) suffixes.push(BESIDE_SUFFIXES.signature);
  return suffixes.map((suffix) => `${config.Output}.${suffix}`);
}

/** Names of what is delivered beside an output, as far as they are known beforehand. */
export function besideNames(config: Config): string[] {
  const suffixes: string[] = [];
  for (const kind of config.SplitArtifacts) {
    const { extension } = compressions[config.CompressOutput];
    const compressed = kind === "tar" && extension !== "" ? `.${extension}` : "";
    if (kind !== "partitions") suffixes.push(`${SPLIT_SUFFIXES[kind]}${compressed}`);
  }
  return [...listNames(config), ...suffixes.map((suffix) => `${config.Output}.${suffix}`)];
}
