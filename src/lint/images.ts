import { resolve } from "node:path";
import { type Reader, shown } from "../config/findings.ts";
import type { Problem } from "../config/problems.ts";
import type { Origin, ResolvedImage, ResolvedProject } from "../config/resolved.ts";
import { type SettingName, settings } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { scripts } from "../config/values/paths.ts";
import { shorten } from "../config/values/value-type.ts";
import { unbuiltSettings } from "../plan/refuse.ts";
import { isBuiltIn } from "./files.ts";
import { findingAbout } from "./findings.ts";
import { findingAt, ownOrigins } from "./names.ts";

/** Values that a build of this version refuses. */
export function checkBuilt({ images, main, workingDirectory }: ResolvedProject): Problem[] {
  return images.flatMap((image) =>
    unbuiltSettings(image, workingDirectory, main.config.Ignore).map(({ setting, origin }) => {
      const value = origin.kind === "file" ? shorten(origin.text, 60) : "";
      return findingAt("not-built-yet", `${setting}=${value} is read, but not built yet`, origin);
    }),
  );
}

const scriptSettings = (settings as readonly Setting[]).filter(({ type }) => type === (scripts as Setting["type"]));

/** Scripts that a build would refuse to run. */
export function checkScripts(images: readonly ResolvedImage[], reader: Reader): Problem[] {
  return images
    .filter(({ config }) => !config.MakeScriptsExecutable)
    .flatMap((image) => scriptSettings.flatMap((row) => notExecutable(row.name as SettingName, image, reader)));
}

function notExecutable(name: SettingName, image: ResolvedImage, reader: Reader): Problem[] {
  const { files } = reader.reading;
  const paths = (image.config[name] as readonly string[]).filter(
    (path) => !isBuiltIn(path) && files.exists(path) && !files.isDirectory(path) && (files.mode(path) & 0o111) === 0,
  );
  return paths.map((path) => {
    const file = shown(path, reader);
    const message = `${name}= names ${file}, which is not executable`;
    const hint = `chmod +x ${file}`;
    const origin = originOf(path, ownOrigins(image, name), reader);
    return origin === undefined
      ? findingAbout("not-executable", message, file, hint)
      : findingAt("not-executable", message, origin, hint);
  });
}

/** The only origin, or the one that names the file. */
function originOf(path: string, origins: readonly Origin[], { reading: { files } }: Reader): Origin | undefined {
  const [only, ...others] = origins;
  if (others.length === 0) return only;
  return origins.find((origin) => {
    if (origin.kind === "default file") return files.resolve(resolve(origin.file)) === path;
    return (
      origin.kind === "file" && origin.text.split(/[\s,]+/).some((word) => path.endsWith(word.replace(/^\.\//, "")))
    );
  });
}
