import { join } from "node:path";
import { dependencyOrder } from "./dependencies.ts";
import { loadDefaultInitrd, loadDefaultTools, loadSubimages } from "./images.ts";
import { loadFolder, loadIncludes } from "./load.ts";
import type { Loader } from "./loader.ts";
import type { Problem } from "./problems.ts";
import { type Draft, draftOf } from "./resolve.ts";
import type { ResolvedProject } from "./resolved.ts";
import { ToolsTree } from "./settings/build.ts";
import { Dependencies } from "./settings/config.ts";

/** Reads all images of the project whose configuration is in `folder`; `main` has the command line already. */
export function readProject(main: Loader, folder: string | undefined, problems: Problem[]): ResolvedProject {
  const { workingDirectory } = main.values.surroundings;
  const directory = folder ?? workingDirectory;
  loadIncludes(workingDirectory, main);
  // As in the reference, files that the command line includes are not among those of the configuration.
  main.read.length = 0;
  if (folder !== undefined) loadFolder(folder, main, { local: true, profiles: true });
  const project = draftOf(main);
  const tools = wantsTools(project) ? draftOf(loadDefaultTools(folder, main)) : undefined;
  project.config.ToolsTree = toolsTreePath(project, tools, directory);
  main.values.put("strong", ToolsTree, project.config.ToolsTree, project.origins.ToolsTree ?? []);
  const subimages = (folder === undefined ? [] : loadSubimages(folder, main)).map(draftOf);
  if (main.values.layerOf(Dependencies) === "default") {
    project.config.Dependencies = subimages.map(({ image }) => image);
  }
  const initrd = withDefaultInitrd([...subimages, project], directory, () => draftOf(loadDefaultInitrd(folder, main)));
  const images = [...dependencyOrder([...subimages, ...initrd], project), project];
  return { directory, workingDirectory, problems, images, main: project, tools };
}

function wantsTools({ config }: Draft): boolean {
  return config.ToolsTree === "default" || config.ToolsTree === "yes";
}

function toolsTreePath({ config }: Draft, tools: Draft | undefined, directory: string): string | undefined {
  if (tools !== undefined) return outputPath(tools, directory);
  return config.ToolsTree === "no" ? undefined : config.ToolsTree;
}

/** Puts the initrd's output in the place of the word `default`. The result has the initrd, where one is needed. */
function withDefaultInitrd(images: Draft[], directory: string, load: () => Draft): Draft[] {
  const asking = images.filter(({ config }) => config.Initrds.includes("default"));
  if (asking.length === 0) return [];
  const initrd = load();
  const path = outputPath(initrd, directory);
  for (const { config } of asking) {
    config.Initrds = config.Initrds.map((named) => (named === "default" ? path : named));
    config.Dependencies = [...config.Dependencies, initrd.image];
  }
  return [initrd];
}

/** Where an image's output goes, without extensions, as the reference names it in other settings. */
function outputPath({ config }: Draft, directory: string): string {
  return join(config.OutputDirectory ?? directory, config.Output);
}
