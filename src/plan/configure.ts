import { type ConfigurePlan, PROTOCOL_VERSION, SRCDIR } from "../../sandbox/protocol.ts";
import type { ResolvedImage, ResolvedProject } from "../config/index.ts";
import { imageJson } from "../config/json.ts";
import { architectures } from "../distributions/architectures.ts";
import { type Distribution, distributions } from "../distributions/index.ts";
import { configurable } from "./configurable.ts";
import { type SourceMount, Sources } from "./sources.ts";

export interface ConfigureOptions {
  /** Ids that the caller has in the container. */
  caller: { uid: number; gid: number };
  /** `--debug`. */
  debug: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file. */
  read: (path: string) => string;
  /** A path as the user would write it. */
  shown: (path: string) => string;
}

/** One run of all configure scripts of all images. Throws what `read` throws. */
export function configurePlan(
  project: ResolvedProject,
  options: ConfigureOptions,
): { plan: ConfigurePlan; mounts: SourceMount[] } {
  const sources = new Sources(project.workingDirectory);
  const names = configurable(project);
  const images = project.images.filter(({ image }) => names.includes(image));
  const plan: ConfigurePlan = {
    version: PROTOCOL_VERSION,
    kind: "configure",
    images: images.map((image) => imagePart(image, sources, options)),
  };
  return { plan, mounts: sources.mounts };
}

function imagePart(resolved: ResolvedImage, sources: Sources, options: ConfigureOptions) {
  const { image, config } = resolved;
  return {
    name: image,
    settings: imageJson(resolved),
    environment: { ...fixedEnvironment(resolved, options), ...ownEnvironment(resolved, options) },
    sources: sources.addTrees(`${image}-source`, config.BuildSources),
    scripts: config.ConfigureScripts.map((path) => ({
      source: sources.add(`${image}-configure`, path),
      file: options.shown(path),
    })),
  };
}

/** What mkosi(1) promises to configure scripts. */
function fixedEnvironment({ config }: ResolvedImage, { caller, debug }: ConfigureOptions) {
  const distribution: Distribution = distributions[config.Distribution];
  const architecture = architectures.find(({ name }) => name === config.Architecture);
  return defined({
    DISTRIBUTION: config.Distribution,
    RELEASE: config.Release,
    ARCHITECTURE: config.Architecture,
    QEMU_ARCHITECTURE: architecture?.qemu,
    DISTRIBUTION_ARCHITECTURE: distribution.architectures[config.Architecture] ?? config.Architecture,
    EFI_ARCHITECTURE: architecture?.efi,
    SRCDIR,
    MKOSI_UID: String(caller.uid),
    MKOSI_GID: String(caller.gid),
    MKOSI_DEBUG: debug ? "1" : "0",
    PROFILES: config.Profiles.length > 0 ? config.Profiles.join(" ") : undefined,
  });
}

/** What the configuration says, for every script alike: EnvironmentFiles=, over which is Environment=. */
function ownEnvironment({ image, config }: ResolvedImage, options: ConfigureOptions): Record<string, string> {
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
  const files = config.EnvironmentFiles.flatMap((path) => environmentLines(options.read(path), options.environment));
  return { ...variables, ...Object.fromEntries(files), ...config.Environment };
}

/** Lines `NAME=VALUE`; a name alone takes its value from `environment`. */
function environmentLines(text: string, environment: ConfigureOptions["environment"]): [string, string][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const equals = line.indexOf("=");
    const name = (equals < 0 ? line : line.slice(0, equals)).trim();
    return [name, equals < 0 ? (environment[name] ?? "") : line.slice(equals + 1).trim()];
  });
}

function defined(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
