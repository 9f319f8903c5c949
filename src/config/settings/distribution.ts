import { architectures, nativeArchitecture } from "../../distributions/architectures.ts";
import { distributions } from "../../distributions/index.ts";
import { textList } from "../values/collections.ts";
import { enumeration } from "../values/enumeration.ts";
import { boolean, text } from "../values/scalars.ts";
import { setting } from "./setting.ts";

const supportedDistributions = Object.keys(distributions) as (keyof typeof distributions)[];

export const Distribution = setting({
  name: "Distribution",
  section: "Distribution",
  scope: "universal",
  type: enumeration({
    noun: "distribution",
    values: [
      "fedora",
      "debian",
      "kali",
      "ubuntu",
      "postmarketos",
      "arch",
      "opensuse",
      "mageia",
      "centos",
      "rhel",
      "rhel-ubi",
      "openmandriva",
      "rocky",
      "alma",
      "azure",
      "custom",
    ],
    supported: supportedDistributions,
  }),
  default: (_get, { host }): keyof typeof distributions | undefined =>
    supportedDistributions.find((name) => name === host.distribution),
  long: "--distribution",
  short: "-d",
  specifier: "d",
  help: "Distribution to install; without it, that of this machine",
});

export const Release = setting({
  name: "Release",
  section: "Distribution",
  scope: "universal",
  type: text,
  default: (get, { host }): string | undefined => {
    const distribution = get(Distribution);
    if (distribution !== undefined && distribution === host.distribution && host.release) return host.release;
    return distribution === undefined ? undefined : distributions[distribution].defaultRelease;
  },
  long: "--release",
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
    supported: architectures.map(({ name }) => name),
    matchesAlso: (condition, value) =>
      condition === "uefi" ? architectures.some(({ name, efi }) => name === value && efi !== undefined) : undefined,
  }),
  default: (_get, { host }): string => host.architecture ?? nativeArchitecture(),
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
  short: "-m",
  help: "Mirror to fetch packages from; for Debian without the last component, which is 'debian'",
});

export const Snapshot = setting({
  name: "Snapshot",
  section: "Distribution",
  scope: "universal",
  type: text,
  long: "--snapshot",
  files: ["mkosi.snapshot"],
  fileHoldsValue: true,
  help: "State of the distribution's archive to use, such as 20260701T000000Z",
});

export const LocalMirror = setting({
  name: "LocalMirror",
  section: "Distribution",
  scope: "universal",
  type: text,
  long: "--local-mirror",
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

export const Repositories = setting({
  name: "Repositories",
  section: "Distribution",
  scope: "universal",
  type: textList({ metavar: "NAME", matchable: true }),
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
  Repositories,
] as const;
