import { packageList, textList } from "../values/collections.ts";
import { readEpoch } from "../values/numbers.ts";
import { baseTrees } from "../values/oci-reference.ts";
import { pathList, treeList, trees } from "../values/paths.ts";
import { boolean, feature, sourceDateEpoch } from "../values/scalars.ts";
import { type Get, type Surroundings, setting } from "./setting.ts";

export const Packages = setting({
  name: "Packages",
  section: "Content",
  scope: "local",
  type: packageList,
  inToolsTree: true,
  long: "--package",
  short: "-p",
  help: "Packages to install",
});

export const VolatilePackages = setting({
  name: "VolatilePackages",
  section: "Content",
  scope: "local",
  type: packageList,
  long: "--volatile-package",
  help: "Packages to install after build scripts, such as those that they made; never cached",
});

/** Packages and files. */
export const contentSettings = [
  Packages,
  setting({
    name: "BuildPackages",
    section: "Content",
    scope: "local",
    type: packageList,
    long: "--build-package",
    help: "Packages for build scripts alone, such as compilers; the image does not keep them",
  }),
  VolatilePackages,
  setting({
    name: "PackageDirectories",
    section: "Content",
    scope: "universal",
    type: pathList({ required: true }),
    inToolsTree: true,
    long: "--package-directory",
    files: ["mkosi.packages"],
    help: "Folders whose packages are offered as one more repository",
  }),
  setting({
    name: "VolatilePackageDirectories",
    section: "Content",
    scope: "universal",
    type: pathList({ required: true }),
    long: "--volatile-package-directory",
    help: "Such folders whose changes do not make caches stale",
  }),
  setting({
    name: "WithRecommends",
    section: "Content",
    scope: "local",
    type: boolean,
    long: "--with-recommends",
    help: "Install recommended packages as well",
  }),
  setting({
    name: "WithDocs",
    section: "Content",
    scope: "local",
    type: boolean,
    default: true,
    long: "--with-docs",
    help: "Keep documentation, such as manual pages",
  }),
  setting({
    name: "BaseTrees",
    section: "Content",
    scope: "local",
    type: baseTrees,
    long: "--base-tree",
    help: "Folders, tar archives, disk images or container images (oci:REFERENCE) to start from",
  }),
  setting({
    name: "SkeletonTrees",
    section: "Content",
    scope: "local",
    type: treeList,
    long: "--skeleton-tree",
    files: ["mkosi.skeleton", "mkosi.skeleton.tar"],
    help: "Files and folders copied into the image before packages are installed",
  }),
  setting({
    name: "ExtraTrees",
    section: "Content",
    scope: "local",
    type: trees({ absolute: true }),
    long: "--extra-tree",
    files: ["mkosi.extra", "mkosi.extra.tar"],
    help: "Files and folders copied into the image after packages were installed",
  }),
  setting({
    name: "RemovePackages",
    section: "Content",
    scope: "local",
    type: textList({ metavar: "PACKAGE" }),
    long: "--remove-package",
    help: "Packages to remove again at the end",
  }),
  setting({
    name: "RemoveFiles",
    section: "Content",
    scope: "local",
    type: textList({ metavar: "GLOB" }),
    long: "--remove-files",
    help: "Files to remove at the end, as shell patterns of absolute paths",
  }),
  setting({
    name: "CleanPackageMetadata",
    section: "Content",
    scope: "local",
    type: feature,
    long: "--clean-package-metadata",
    help: "Remove the package manager's database; auto keeps it where the image has the package manager",
  }),
  setting({
    name: "SourceDateEpoch",
    section: "Content",
    scope: "multiversal",
    type: sourceDateEpoch,
    clearable: true,
    default: epochOfEnvironment,
    defaultText: "SOURCE_DATE_EPOCH of the environment, else the date of the newest repository",
    long: "--source-date-epoch",
    metavar: "SECONDS",
    help: "Time stamp of files, in seconds since 1970; without it, that of the newest repository used",
  }),
] as const;

/** As in the reference, SOURCE_DATE_EPOCH in Environment= does not show here; the plan of a build heeds it. */
function epochOfEnvironment(_get: Get, { environment }: Surroundings): number | undefined {
  return readEpoch(environment.SOURCE_DATE_EPOCH, "the environment");
}
