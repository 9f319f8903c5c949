import type { BuildPlan } from "../../sandbox/protocol.ts";
import { type Config, distributionOf, type ResolvedConfig } from "../config/index.ts";
import { architectures } from "../distributions/architectures.ts";
import type { RepositoryOptions } from "../distributions/distribution.ts";
import type { DebianMirror } from "../distributions/mirror.ts";
import { compressions, formats } from "../formats/index.ts";
import { modulePatterns } from "./modules.ts";
import type { Sources } from "./sources.ts";

export type ImagePlan = BuildPlan["images"][number];

export interface ImageOptions {
  mirror: DebianMirror | undefined;
  sources: Sources;
  /** Name of the plan's image that stands for `default` in Initrds=. */
  defaultInitrd: string;
  /** What `default` stands for among kernel modules. */
  defaultModules: readonly string[];
  deliver: boolean;
}

/** The plan of one image. */
export function imagePlan(resolved: ResolvedConfig, options: ImageOptions): ImagePlan {
  return {
    name: resolved.image,
    ...distributionPart(resolved, options.mirror),
    ...contentPart(resolved, options.sources),
    ...identityPart(resolved.config),
    ...bootPart(resolved, options),
    ...outputPart(resolved, options),
  };
}

function distributionPart(resolved: ResolvedConfig, mirror: DebianMirror | undefined) {
  const { config } = resolved;
  const distribution = distributionOf(resolved);
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
    release: config.Release ?? "",
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

function contentPart({ config, image }: ResolvedConfig, sources: Sources) {
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
    sourceDateEpoch: config.SourceDateEpoch,
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

function bootPart({ config, image }: ResolvedConfig, options: ImageOptions) {
  return {
    bootable: config.Bootable,
    bootloader: config.Bootloader,
    unifiedKernelImages: config.UnifiedKernelImages,
    kernelCommandLine: config.KernelCommandLine,
    initrdImages: config.Initrds.includes("default") ? [options.defaultInitrd] : [],
    initrds: config.Initrds.filter((path) => path !== "default").map((path) =>
      options.sources.add(`${image}-initrd`, path),
    ),
    kernelModulesInitrd: config.KernelModulesInitrd,
    kernelModulesInitrdPatterns: modulePatterns(config, options.defaultModules),
  };
}

function outputPart({ config, image }: ResolvedConfig, { sources, deliver }: ImageOptions) {
  const format = formats[config.Format];
  const compression = compressions[format.compressible ? config.CompressOutput : "none"];
  return {
    repartDirectories: config.RepartDirectories.map((path) => sources.add(`${image}-repart`, path)),
    seed: config.Seed,
    format: format.name,
    output: config.Output,
    outputFile: [config.Output, format.extension, compression.extension].filter((part) => part !== "").join("."),
    compression: compression.plan,
    compressionLevel: config.CompressLevel,
    deliver,
  };
}
