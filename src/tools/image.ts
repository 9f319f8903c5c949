import { basename } from "node:path";
import { Readable } from "node:stream";
import { pack as packFolder } from "tar-fs";
import type { Engine, Image } from "../engine/engine.ts";
import { ensureBase, fetchWithProgress } from "./bootstrap.ts";
import type { LockedArchitecture, LockedPackage } from "./lock.ts";
import { packageFile, packageFolder } from "./packages.ts";
import type { ToolsContext } from "./progress.ts";
import { basePackages, type Recipe, toolsKey } from "./recipe.ts";
import type { Environment } from "./root.ts";

/** Images that carry it are tools images or their bases. */
export const TOOLS_LABEL = "caisson.tools";
export const KEY_LABEL = "caisson.tools.key";

export function toolsReference(key: string): string {
  return `localhost/caisson/tools-debian:${key.slice(0, 16)}`;
}

/** The image of this key, where the engine has it. A tag alone proves nothing: the whole key is compared. */
export async function findTools(engine: Engine, key: string): Promise<Image | undefined> {
  const image = await engine.findImage(toolsReference(key));
  return image?.labels[KEY_LABEL] === key ? image : undefined;
}

/** Makes the tools image out of the locked packages, and gives it its tag and labels. */
export async function buildTools(
  engine: Engine,
  recipe: Recipe,
  architecture: string,
  locked: LockedArchitecture,
  context: ToolsContext,
): Promise<Image> {
  const key = toolsKey(recipe, architecture, locked);
  await fetchWithProgress([locked.stage0, ...locked.packages], context);
  const base = await ensureBase(engine, recipe, locked, context);
  const inBase = new Set(basePackages(locked));
  const packages = locked.packages.filter((item) => !inBase.has(item));
  context.signal?.throwIfAborted();
  return engine.buildImage(imageContext(recipe, packages, context.environment), {
    reference: toolsReference(key),
    arguments: { BASE: base },
    labels: { [TOOLS_LABEL]: "debian", [KEY_LABEL]: key },
    onOutput: countInstalled(packages.length, context),
  });
}

/** A tar stream that reads each package only when it is its turn. */
function imageContext(recipe: Recipe, packages: LockedPackage[], environment: Environment): Readable {
  const names = new Map(packages.map((item) => [basename(packageFile(environment, item)), item.name]));
  const archive = packFolder(packageFolder(environment), {
    entries: [...names.keys()],
    map: (header) => ({ ...header, ...PLAIN, name: `caisson/packages/${names.get(header.name)}.deb` }),
    finalize: false,
    finish: (archive) => {
      for (const [name, text] of Object.entries(recipeFiles(recipe))) archive.entry({ name, ...PLAIN }, text);
      archive.finalize();
    },
  });
  return Readable.from(archive);
}

/** Nothing of this host's is in a header. */
const PLAIN = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) };

function recipeFiles({ containerfile, scripts }: Recipe): Record<string, string> {
  const { "install.sh": install, "slim.sh": slim } = scripts;
  return { Containerfile: containerfile, "caisson/install.sh": install, "caisson/slim.sh": slim };
}

function countInstalled(total: number, { onProgress }: ToolsContext): (line: string) => void {
  const title = "Installing the tools";
  const progress = { title, total, unit: "items" } as const;
  let current = 0;
  onProgress({ ...progress, current });
  return (line) => {
    if (/^Setting up /.test(line)) onProgress({ ...progress, current: Math.min(++current, total) });
    // The build's last step copies the whole tree.
    else if (/COPY --from=install/.test(line)) onProgress({ title: "Storing the tools image" });
  };
}
