import type { BuildPlan } from "../../sandbox/protocol.ts";
import type { Config, ResolvedImage } from "../config/index.ts";
import { readEpoch } from "../config/values/numbers.ts";
import { architectures } from "../distributions/architectures.ts";
import type { RepositoryOptions } from "../distributions/distribution.ts";
import { distributions, isBuildable } from "../distributions/index.ts";
import type { DebianMirror } from "../distributions/mirror.ts";
import { compressions, formats } from "../formats/index.ts";
import { modulePatterns } from "./modules.ts";
import type { Sources } from "./sources.ts";

export type ImagePlan = BuildPlan["images"][number];

export interface ImageOptions {
  mirror: DebianMirror | undefined;
  sources: Sources;
  /** Names of images that were planned before, by the paths that mean their outputs. */
  outputs: ReadonlyMap<string, string>;
  /** What `default` stands for among kernel modules. */
  defaultModules: () => readonly string[];
  deliver: boolean;
}

/** The plan of one image. */
export function imagePlan(resolved: ResolvedImage, options: ImageOptions): ImagePlan {
  return {
    name: resolved.image,
    ...distributionPart(resolved, options.mirror),
    ...contentPart(resolved, options.sources),
    ...identityPart(resolved.config),
    ...bootPart(resolved, options),
    ...outputPart(resolved, options),
  };
}

function distributionPart(resolved: ResolvedImage, mirror: DebianMirror | undefined) {
  const { config } = resolved;
  const distribution = distributions[config.Distribution];
  if (!isBuildable(distribution)) throw new Error(`a plan for ${distribution.name}, which is not built`);
  const repositories = repositoryOptions(config, mirror);
  const names: Readonly<Record<string, string>> = distribution.architectures;
  return {
    distribution: distribution.name,
    release: repositories.release,
    architecture: config.Architecture,
    packageArchitecture: names[config.Architecture] ?? config.Architecture,
    efiArchitecture: architectures.find(({ name }) => name === config.Architecture)?.efi,
    packageManager: distribution.packageManager,
    repositories: distribution.repositories(repositories),
    imageRepositories: distribution.imageRepositories(repositories),
    rootFilesystem: distribution.rootFilesystem,
    osRelease: distribution.osRelease(repositories.release),
  };
}

function repositoryOptions(config: Config, debianMirror: DebianMirror | undefined): RepositoryOptions {
  return {
    release: config.Release,
    architecture: config.Architecture,
    mirror: config.Mirror,
    localMirror: config.LocalMirror,
    snapshot: config.Snapshot,
    components: config.Repositories,
    keyCheck: config.RepositoryKeyCheck,
    packages: config.Packages,
    debianMirror,
  };
}

function contentPart({ config, image }: ResolvedImage, sources: Sources) {
  return {
    packages: config.Packages,
    removePackages: config.RemovePackages,
    withDocs: config.WithDocs,
    withRecommends: config.WithRecommends,
    environment: config.Environment,
    skeletonTrees: sources.addTrees(`${image}-skeleton`, config.SkeletonTrees),
    extraTrees: sources.addTrees(`${image}-extra`, config.ExtraTrees),
    removeFiles: config.RemoveFiles,
    cleanPackageMetadata: config.CleanPackageMetadata,
    makeInitrd: config.MakeInitrd,
    sourceDateEpoch: config.SourceDateEpoch ?? readEpoch(config.Environment.SOURCE_DATE_EPOCH, "Environment="),
  };
}

function identityPart(config: Config) {
  return {
    imageId: config.ImageId,
    imageVersion: config.ImageVersion,
    rootPassword: config.RootPassword,
    rootShell: config.RootShell,
    hostname: config.Hostname,
    locale: config.Locale,
    localeMessages: config.LocaleMessages,
    timezone: config.Timezone,
    keymap: config.Keymap,
    machineId: config.MachineId?.replaceAll("-", ""),
    autologin: config.Autologin,
  };
}

function bootPart({ config, image }: ResolvedImage, { outputs, sources, defaultModules }: ImageOptions) {
  const files = config.Initrds.filter((path) => !outputs.has(path));
  return {
    bootable: config.Bootable,
    bootloader: bootloaderOf(config),
    unifiedKernelImages: config.UnifiedKernelImages === "signed" ? "auto" : config.UnifiedKernelImages,
    kernelCommandLine: config.KernelCommandLine,
    initrdImages: config.Initrds.flatMap((path) => outputs.get(path) ?? []),
    initrds: files.map((path) => sources.add(`${image}-initrd`, path)),
    kernelModulesInitrd: config.KernelModulesInitrd,
    kernelModulesInitrdPatterns: modulePatterns(config, defaultModules),
  };
}

/** A loader that is not built yet gets here where Ignore= passes over it, and then counts as not set. */
function bootloaderOf({ Bootloader: loader }: Config): ImagePlan["bootloader"] {
  return loader === "none" || loader === "uki" ? loader : "systemd-boot";
}

function outputPart({ config, image }: ResolvedImage, { sources, deliver }: ImageOptions) {
  const { format, compression } = formOf(config);
  if (!format.built || !compression.built) throw new Error(`a plan for ${format.name}, which is not built`);
  return {
    repartDirectories: config.RepartDirectories.map((path) => sources.add(`${image}-repart`, path)),
    seed: config.Seed,
    format: format.name,
    output: config.Output,
    outputFile: outputFile(config),
    compression: compression.plan,
    compressionLevel: config.CompressLevel,
    deliver,
  };
}

/** The output's name with the extensions of format and compression. */
export function outputFile(config: Config): string {
  const { format, compression } = formOf(config);
  return [config.Output, format.extension, compression.extension].filter((part) => part !== "").join(".");
}

function formOf(config: Config) {
  const format = formats[config.Format];
  const compression = compressions[format.compressible ? config.CompressOutput : "none"];
  return { format, compression };
}
