import { architectures, nativeArchitecture } from "../../distributions/architectures.ts";
import { type DistributionName, distributions, isBuildable } from "../../distributions/index.ts";
import { textList } from "../values/collections.ts";
import { enumeration } from "../values/enumeration.ts";
import { boolean, text } from "../values/scalars.ts";
import { type Get, type Surroundings, setting } from "./setting.ts";
import { ToolsTree, ToolsTreeDistribution } from "./tools-tree.ts";

const names = Object.keys(distributions) as DistributionName[];

export const Distribution = setting({
  name: "Distribution",
  section: "Distribution",
  scope: "universal",
  type: enumeration({ noun: "distribution", values: names }),
  matchable: true,
  default: (_get, { host }): DistributionName => names.find((name) => name === host.distribution) ?? "custom",
  defaultText: "that of this machine, or 'custom' where it is not among them",
  long: "--distribution",
  short: "-d",
  specifier: "d",
  built: (name) => isBuildable(distributions[name]),
  help: "Distribution to install; without it, that of this machine",
});

export const Release = setting({
  name: "Release",
  section: "Distribution",
  scope: "universal",
  type: text,
  matchable: true,
  default: (get, { host }): string => {
    const distribution = get(Distribution);
    return distribution === host.distribution && host.release
      ? host.release
      : distributions[distribution].defaultRelease;
  },
  defaultText: "that of this machine where it has the same distribution, else the distribution's",
  long: "--release",
  metavar: "RELEASE",
  short: "-r",
  specifier: "r",
  help: "Release of the distribution, by its code name or suite",
});

export const Architecture = setting({
  name: "Architecture",
  section: "Distribution",
  scope: "universal",
  type: enumeration({
    noun: "architecture",
    values: architectures.map(({ name }) => name),
    matchesAlso: (condition, value) =>
      condition === "uefi" ? architectures.some(({ name, efi }) => name === value && efi !== undefined) : undefined,
  }),
  matchable: true,
  default: (_get, { host }): string => host.architecture ?? nativeArchitecture(),
  defaultText: "that of this machine",
  long: "--architecture",
  specifier: "a",
  help: "Architecture of the image",
});

export const Mirror = setting({
  name: "Mirror",
  section: "Distribution",
  scope: "universal",
  type: text,
  long: "--mirror",
  metavar: "URL",
  short: "-m",
  help: "Mirror to fetch packages from; for Debian without the last component, which is 'debian'",
});

export const Snapshot = setting({
  name: "Snapshot",
  section: "Distribution",
  scope: "universal",
  type: text,
  inToolsTree: true,
  long: "--snapshot",
  metavar: "SNAPSHOT",
  files: ["mkosi.snapshot"],
  fileHoldsValue: true,
  help: "State of the distribution's archive to use, such as 20260701T000000Z",
});

export const LocalMirror = setting({
  name: "LocalMirror",
  section: "Distribution",
  scope: "universal",
  type: text,
  inToolsTree: true,
  long: "--local-mirror",
  metavar: "URL",
  help: "The one repository to use in place of the distribution's; it is not checked for signatures",
});

export const RepositoryKeyCheck = setting({
  name: "RepositoryKeyCheck",
  section: "Distribution",
  scope: "multiversal",
  type: boolean,
  default: true,
  long: "--repository-key-check",
  help: "Check the signatures of repositories",
});

export const RepositoryKeyFetch = setting({
  name: "RepositoryKeyFetch",
  section: "Distribution",
  scope: "universal",
  type: boolean,
  default: mayFetchKeys,
  defaultText: "yes where Ubuntu's tools install a distribution that is not of Debian's family, or NixOS has the tools",
  inToolsTree: true,
  long: "--repository-key-fetch",
  // As in mkosi(1), it means nothing to apt, which takes keys that are there: the tools have Debian's and Ubuntu's.
  built: () => true,
  help: "Download the keys of repositories where the tools have none for the distribution",
});

export const Repositories = setting({
  name: "Repositories",
  section: "Distribution",
  scope: "universal",
  type: textList({ metavar: "NAME", matchable: true }),
  matchable: true,
  inToolsTree: true,
  long: "--repositories",
  help: "Further repositories or components to use, such as contrib or universe",
});

export const distributionSettings = [
  Distribution,
  Release,
  Architecture,
  Mirror,
  Snapshot,
  LocalMirror,
  RepositoryKeyCheck,
  RepositoryKeyFetch,
  Repositories,
] as const;

/** Ubuntu packages neither keys nor key rings of these distributions, NixOS none at all. */
function mayFetchKeys(get: Get, { distributionAt }: Surroundings): boolean {
  const tree = get(ToolsTree);
  const isMade = tree === "default" || tree === "yes";
  const tools = isMade ? get(ToolsTreeDistribution) : distributionAt(tree ?? "/");
  if (tools === "nixos") return true;
  return tools === "ubuntu" && distributions[get(Distribution)].keysToFetch;
}
