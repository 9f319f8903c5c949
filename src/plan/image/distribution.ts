import type { Config, ResolvedImage } from "../../config/index.ts";
import { architectures } from "../../distributions/architectures.ts";
import type { RepositoryOptions } from "../../distributions/distribution.ts";
import { type BuildableDistribution, distributions, isBuildable } from "../../distributions/index.ts";
import type { DebianMirror } from "../../distributions/mirror.ts";
import type { ImageOptions } from "./options.ts";

export function distributionPart(resolved: ResolvedImage, { mirror }: ImageOptions) {
  const { config } = resolved;
  const distribution = distributionOf(config);
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
  };
}

export function distributionOf(config: Pick<Config, "Distribution">): BuildableDistribution {
  const distribution = distributions[config.Distribution];
  if (!isBuildable(distribution)) throw new Error(`a plan for ${distribution.name}, which is not built`);
  return distribution;
}

export function repositoryOptions(config: Config, debianMirror: DebianMirror | undefined): RepositoryOptions {
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
