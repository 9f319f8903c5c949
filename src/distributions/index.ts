import { alma } from "./alma.ts";
import { arch } from "./arch.ts";
import { azure } from "./azure.ts";
import { centos } from "./centos.ts";
import { custom } from "./custom.ts";
import { debian } from "./debian.ts";
import type { BuildableDistribution, Distribution, DistributionName } from "./distribution.ts";
import { fedora } from "./fedora.ts";
import { kali } from "./kali.ts";
import { mageia } from "./mageia.ts";
import { openmandriva } from "./openmandriva.ts";
import { opensuse } from "./opensuse.ts";
import { postmarketos } from "./postmarketos.ts";
import { rhel } from "./rhel.ts";
import { rhelUbi } from "./rhel-ubi.ts";
import { rocky } from "./rocky.ts";
import { ubuntu } from "./ubuntu.ts";

export type { BuildableDistribution, Distribution, DistributionName } from "./distribution.ts";

/** Every distribution that may stand in Distribution=. */
export const distributions: Readonly<Record<DistributionName, Distribution>> = {
  fedora,
  debian,
  kali,
  ubuntu,
  postmarketos,
  arch,
  opensuse,
  mageia,
  centos,
  rhel,
  "rhel-ubi": rhelUbi,
  openmandriva,
  rocky,
  alma,
  azure,
  custom,
};

/** Those that Caisson builds. */
export const buildable = { debian, ubuntu } as const satisfies Record<string, BuildableDistribution>;

export function isBuildable(distribution: Distribution): distribution is BuildableDistribution {
  return Object.hasOwn(buildable, distribution.name);
}
