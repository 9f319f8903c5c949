import { Readable } from "node:stream";
import { type Pack, pack } from "tar-stream";
import type { Engine, Image } from "../engine/engine.ts";
import { ensureBase, fetchWithProgress } from "./bootstrap.ts";
import type { LockedArchitecture, LockedPackage } from "./lock.ts";
import { readPackage } from "./packages.ts";
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
  const tar = pack();
  writeContext(tar, recipe, packages, environment).then(
    () => tar.finalize(),
    (error: Error) => tar.destroy(error),
  );
  return Readable.from(tar);
}

async function writeContext(tar: Pack, recipe: Recipe, packages: LockedPackage[], environment: Environment) {
  const { "install.sh": install, "slim.sh": slim } = recipe.scripts;
  await writeEntry(tar, "Containerfile", recipe.containerfile);
  await writeEntry(tar, "caisson/install.sh", install);
  await writeEntry(tar, "caisson/slim.sh", slim);
  for (const item of packages) {
    await writeEntry(tar, `caisson/packages/${item.name}.deb`, await readPackage(environment, item));
  }
}

function writeEntry(tar: Pack, name: string, content: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry({ name, mode: 0o644, mtime: new Date(0) }, content, (error) => (error ? reject(error) : resolve()));
  });
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
