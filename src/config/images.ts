import { join } from "node:path";
import { builtInFolder } from "./built-in.ts";
import { type Reading, shown } from "./findings.ts";
import { loadEntry, loadFolder } from "./load.ts";
import { type Loader, newLoader } from "./loader.ts";
import { Namespace } from "./namespace.ts";
import type { Origin } from "./resolved.ts";
import { Environment } from "./settings/build.ts";
import { PassEnvironment } from "./settings/config.ts";
import { findSetting, settings } from "./settings/index.ts";
import { Format } from "./settings/output.ts";
import type { Setting, Surroundings } from "./settings/setting.ts";
import { configError } from "./values/value-type.ts";

const rows = settings as readonly Setting[];

/** The images below mkosi.images/ whose [Match] holds, in order of names. */
export function loadSubimages(folder: string, main: Loader): Loader[] {
  const { files } = main.reading;
  const directory = join(folder, "mkosi.images");
  return files.list(directory).flatMap((entry) => {
    const path = join(directory, entry);
    const isFolder = files.isDirectory(path);
    if (!isFolder && !entry.endsWith(".conf")) return [];
    const loader = handedDown(imageName(entry, path, main), main, (row) => {
      if (row.scope === "universal" || row.scope === "multiversal") return "strong";
      return row.scope === "inherit" ? "weak" : undefined;
    });
    return loadEntry(path, folder, loader, { local: true, profiles: isFolder }) ? [loader] : [];
  });
}

function imageName(entry: string, path: string, loader: Loader): string {
  const name = entry.replace(/\.conf$/, "");
  if (name !== "" && !["main", "tools", "default-initrd"].includes(name)) return name;
  const why = name === "" ? "a file without a name" : "a name that another image has";
  throw configError("invalid-image-name", `${shown(path, loader)}: ${why} cannot be an image`, "Rename it");
}

/** The initrd of images that do not name one of their own: mkosi.initrd.conf, then what is built in. */
export function loadDefaultInitrd(folder: string | undefined, main: Loader): Loader {
  const loader = handedDown("default-initrd", main, (row) => {
    if (row.scope === "universal" || row.scope === "multiversal") return "strong";
    return row.scope === "inherit" || row.scope === "initrd-inherit" ? "weak" : undefined;
  });
  handDownPrefixed("initrd", "Initrd", main, loader);
  return loadOwnAndBuiltIn("mkosi.initrd.conf", "mkosi-initrd", folder, loader);
}

/** The default tools tree: mkosi.tools.conf, then what is built in. */
export function loadDefaultTools(folder: string | undefined, main: Loader): Loader {
  const loader = handedDown("tools", main, ({ scope }) => (scope === "multiversal" ? "strong" : undefined));
  handDownPrefixed("tools", "ToolsTree", main, loader);
  loader.values.put("strong", Format as Setting, "directory", []);
  return loadOwnAndBuiltIn("mkosi.tools.conf", "mkosi-tools", folder, loader);
}

function loadOwnAndBuiltIn(name: string, builtIn: string, folder: string | undefined, loader: Loader): Loader {
  const own = folder === undefined ? undefined : join(folder, name);
  if (own !== undefined && loader.reading.files.exists(own)) {
    loadEntry(own, folder ?? own, loader, { local: true, profiles: true });
  }
  loader.quiet = true;
  loadFolder(builtInFolder(builtIn), loader, { profiles: true });
  return loader;
}

/** A loader for another image, with the main image's values of those settings for which `layerOf` names a layer. */
function handedDown(image: string, main: Loader, layerOf: (row: Setting) => "strong" | "weak" | undefined): Loader {
  const surroundings: Surroundings = { ...main.values.surroundings, image };
  const loader = newLoader(main.reading, new Namespace(surroundings));
  for (const row of rows) {
    const layer = layerOf(row);
    if (layer !== undefined) loader.values.put(layer, row, main.values.get(row), [originOf(row, main)]);
  }
  loader.values.put("weak", Environment as Setting, passedEnvironment(main), [originOf(Environment as Setting, main)]);
  return loader;
}

/** Environment= goes to no other image, but for the variables that PassEnvironment= names. */
function passedEnvironment({ values }: Loader): Record<string, string> {
  const all = values.get(Environment);
  const names = values.get(PassEnvironment).filter((name) => Object.hasOwn(all, name));
  return Object.fromEntries(names.map((name) => [name, all[name] ?? ""]));
}

/** InitrdPackages= of the main image is Packages= of the initrd, as strong as it was there. */
function handDownPrefixed(scope: "initrd" | "tools", prefix: string, main: Loader, loader: Loader): void {
  for (const row of rows.filter((candidate) => candidate.scope === scope)) {
    const target = findSetting(row.name.replace(new RegExp(`^${prefix}(?=.)`), "")) ?? row;
    const { values } = main;
    loader.values.put(values.layerOf(row), target, values.get(row), [originOf(row, main)], values.wasEmptied(row));
  }
}

function originOf(row: Setting, { values }: Loader): Origin {
  return { kind: "image", image: values.surroundings.image, from: values.origins(row) };
}

/** A reading of the main image starts with nothing but where it is. */
export function mainLoader(reading: Reading, surroundings: Omit<Surroundings, "image">): Loader {
  return newLoader(reading, new Namespace({ ...surroundings, image: "main" }));
}
