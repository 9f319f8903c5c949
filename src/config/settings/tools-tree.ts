import { type DistributionName, distributions } from "../../distributions/index.ts";
import { textList } from "../values/collections.ts";
import { enumeration } from "../values/enumeration.ts";
import { path, pathList, treeList } from "../values/paths.ts";
import { boolean, text } from "../values/scalars.ts";
import { Distribution, Mirror } from "./distribution.ts";
import { setting } from "./setting.ts";

const distributionNames = Object.keys(distributions) as DistributionName[];
const words: readonly string[] = ["default", "yes", "no"];

export const ToolsTree = setting({
  name: "ToolsTree",
  section: "Build",
  scope: "universal",
  type: path({ required: true, constants: words }),
  long: "--tools-tree",
  files: ["mkosi.tools"],
  help: "Where the programs of a build come from: a tree, or 'default' for one that is built for it",
  // Never this machine's own programs, so that 'no' is what is done without it.
  built: (value) => value === undefined || words.includes(value),
});

export const ToolsTreeDistribution = setting({
  name: "ToolsTreeDistribution",
  section: "Build",
  scope: "tools",
  type: enumeration({ noun: "distribution", values: distributionNames }),
  default: (_get, { host }): DistributionName => {
    const name = distributionNames.find((candidate) => candidate === host.distribution);
    return name === undefined ? "custom" : (distributions[name].toolsTreeDistribution ?? name);
  },
  defaultText: "that of this machine, or a relative with more tools, such as debian on Ubuntu",
  matchable: true,
  inJson: false,
  long: "--tools-tree-distribution",
  help: "Distribution of the default tools tree",
  built: "later",
});

export const toolsTreeSettings = [
  ToolsTree,
  ToolsTreeDistribution,
  setting({
    name: "ToolsTreeRelease",
    section: "Build",
    scope: "tools",
    type: text,
    default: (get): string => distributions[get(ToolsTreeDistribution)].defaultRelease,
    defaultText: "the default release of its distribution",
    matchable: true,
    inJson: false,
    long: "--tools-tree-release",
    metavar: "RELEASE",
    help: "Release of the default tools tree",
    built: "later",
  }),
  setting({
    name: "ToolsTreeProfiles",
    section: "Build",
    scope: "tools",
    type: textList({ metavar: "PROFILE", words: ["devel", "gui", "misc", "package-manager", "runtime"] }),
    default: ["misc", "package-manager", "runtime"],
    inJson: false,
    long: "--tools-tree-profile",
    help: "What the default tools tree has programs for: devel, gui, misc, package-manager, runtime",
    built: "later",
  }),
  setting({
    name: "ToolsTreeMirror",
    section: "Build",
    scope: "tools",
    type: text,
    default: (get): string | undefined => {
      const mirror = get(Mirror);
      // An empty one is as good as none.
      return mirror && get(Distribution) === get(ToolsTreeDistribution) ? mirror : undefined;
    },
    defaultText: "that of Mirror= where both have the same distribution",
    clearable: true,
    inJson: false,
    long: "--tools-tree-mirror",
    metavar: "URL",
    help: "Mirror that packages of the default tools tree are fetched from",
    built: "later",
  }),
  setting({
    name: "ToolsTreeRepositories",
    section: "Build",
    scope: "tools",
    type: textList({ metavar: "NAME" }),
    inJson: false,
    long: "--tools-tree-repository",
    help: "Further repositories or components for the default tools tree",
    built: "later",
  }),
  setting({
    name: "ToolsTreeSandboxTrees",
    section: "Build",
    scope: "tools",
    type: treeList,
    inJson: false,
    long: "--tools-tree-sandbox-tree",
    oldNames: ["ToolsTreePackageManagerTrees"],
    oldLongs: ["--tools-tree-package-manager-tree"],
    help: "Configuration of the programs that build the default tools tree, as in SandboxTrees=",
    built: "later",
  }),
  setting({
    name: "ToolsTreePackages",
    section: "Build",
    scope: "tools",
    type: textList({ metavar: "PACKAGE" }),
    inJson: false,
    long: "--tools-tree-package",
    help: "Further packages of the default tools tree",
    built: "later",
  }),
  setting({
    name: "ToolsTreePackageDirectories",
    section: "Build",
    scope: "tools",
    type: pathList({ required: true }),
    inJson: false,
    long: "--tools-tree-package-directory",
    help: "Folders with package files that the default tools tree may be made of",
    built: "later",
  }),
  setting({
    name: "ToolsTreeCertificates",
    section: "Build",
    scope: "universal",
    type: boolean,
    default: true,
    long: "--tools-tree-certificates",
    help: "Trust the certificate authorities of the tools tree, in place of this machine's",
    built: (value) => value,
  }),
] as const;
