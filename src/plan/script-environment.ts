import { SRCDIR } from "../../sandbox/protocol.ts";
import type { ResolvedImage } from "../config/index.ts";
import { architectures } from "../distributions/architectures.ts";
import { type Distribution, distributions } from "../distributions/index.ts";

/** What only the one who starts a build knows of it. */
export interface ScriptOptions {
  /** Ids that the caller has in the container. */
  caller: { uid: number; gid: number };
  /** `--debug`. */
  debug: boolean;
  /** Of build scripts. */
  arguments: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file. */
  read: (path: string) => string;
  /** A path as the user would write it. */
  shown: (path: string) => string;
}

/**
 * What mkosi(1) "SCRIPTS" promises to scripts of every kind, with what the configuration says over it.
 * Throws what `read` throws.
 */
export function scriptEnvironment(resolved: ResolvedImage, options: ScriptOptions): Record<string, string> {
  return { ...fixedEnvironment(resolved, options), ...ownEnvironment(resolved, options) };
}

function fixedEnvironment({ config }: ResolvedImage, { caller, debug }: ScriptOptions) {
  const distribution: Distribution = distributions[config.Distribution];
  const architecture = architectures.find(({ name }) => name === config.Architecture);
  return defined({
    DISTRIBUTION: config.Distribution,
    RELEASE: config.Release,
    ARCHITECTURE: config.Architecture,
    DISTRIBUTION_ARCHITECTURE: distribution.architectures[config.Architecture] ?? config.Architecture,
    EFI_ARCHITECTURE: architecture?.efi,
    SRCDIR,
    MKOSI_UID: String(caller.uid),
    MKOSI_GID: String(caller.gid),
    MKOSI_DEBUG: debug ? "1" : "0",
    PROFILES: config.Profiles.length > 0 ? config.Profiles.join(" ") : undefined,
  });
}

function ownEnvironment(resolved: ResolvedImage, options: ScriptOptions): Record<string, string> {
  const { image, config } = resolved;
  const proxy = config.ProxyUrl;
  const exclude = config.ProxyExclude?.join(",") || undefined;
  const variables = defined({
    SUBIMAGE: image === "main" ? undefined : image,
    IMAGE_ID: config.ImageId,
    IMAGE_VERSION: config.ImageVersion,
    SOURCE_DATE_EPOCH: config.SourceDateEpoch?.toString(),
    http_proxy: proxy,
    https_proxy: proxy,
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    no_proxy: exclude,
    NO_PROXY: exclude,
  });
  return { ...variables, ...userEnvironment(resolved, options) };
}

/** What the user gives to package managers and scripts: EnvironmentFiles=, over which is Environment=. */
export function userEnvironment(
  { config }: Pick<ResolvedImage, "config">,
  options: Pick<ScriptOptions, "read" | "environment">,
): Record<string, string> {
  const files = config.EnvironmentFiles.flatMap((path) => environmentLines(options.read(path), options.environment));
  return { ...Object.fromEntries(files), ...config.Environment };
}

/** Lines `NAME=VALUE`; a name alone takes its value from `environment`. */
function environmentLines(text: string, environment: ScriptOptions["environment"]): [string, string][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const equals = line.indexOf("=");
    const name = (equals < 0 ? line : line.slice(0, equals)).trim();
    return [name, equals < 0 ? (environment[name] ?? "") : line.slice(equals + 1).trim()];
  });
}

export function defined(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
