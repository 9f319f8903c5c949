import { join } from "node:path";
import { isProhibited } from "./assign.ts";
import { guard, shown, valueContext } from "./findings.ts";
import type { Loader } from "./loader.ts";
import type { Origin } from "./resolved.ts";
import { settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";
import { globToRegExp } from "./values/glob.ts";
import { configError, type Files } from "./values/value-type.ts";

/** Files whose existence is an assignment: `mkosi.extra` is ExtraTrees=mkosi.extra. */
export function loadDefaultFiles(folder: string, loader: Loader): void {
  const present = new Set(loader.reading.files.list(folder).filter((name) => name.startsWith("mkosi.")));
  if (present.size === 0) return;
  for (const setting of withFiles) {
    if (isProhibited(setting, loader)) continue;
    for (const pattern of setting.files) {
      for (const name of find(pattern, folder, present, loader.reading.files)) {
        guard(loader, undefined, () => assignFile(setting, name, folder, loader));
      }
    }
  }
}

const withFiles = (settings as readonly Setting[]).filter(({ files }) => files.length > 0);

/** Paths below `folder`: the pattern itself, or what a pattern such as `mkosi.build.d/*` finds. */
function find(pattern: string, folder: string, present: ReadonlySet<string>, files: Files): string[] {
  const [name = "", glob] = pattern.split("/");
  if (!present.has(name)) return [];
  if (glob === undefined) return files.exists(join(folder, name)) ? [name] : [];
  const matches = globToRegExp(glob);
  const found = files.list(join(folder, name)).filter((entry) => matches.test(entry));
  return found.map((entry) => join(name, entry)).filter((path) => files.exists(join(folder, path)));
}

function assignFile(setting: Setting, name: string, folder: string, loader: Loader): void {
  const path = join(folder, name);
  const file = shown(path, loader);
  checkSecret(setting, path, file, loader.reading.files);
  const text = setting.fileHoldsValue ? readValue(path, file, folder, loader.reading.files) : name;
  const origin: Origin = { kind: "default file", file, conditions: loader.conditions };
  loader.values.assign("weak", setting, text, origin, valueContext(setting.name, file, folder, loader));
}

function checkSecret(setting: Setting, path: string, file: string, files: Files): void {
  const mode = files.mode(path) & 0o777;
  if (!setting.secret || (mode & 0o007) === 0) return;
  const octal = mode.toString(8).padStart(4, "0");
  throw configError(
    "secret-readable",
    `${file}: holds ${setting.name}=, but its mode ${octal} lets everyone read it`,
    `chmod 600 ${file}`,
  );
}

/** What an executable file prints, else what stands in it. */
function readValue(path: string, file: string, folder: string, files: Files): string {
  if ((files.mode(path) & 0o111) !== 0) return files.run(path, folder).replace(/\n+$/, "");
  const text = files.read(path);
  if (text.startsWith("#!/")) {
    const [shebang] = text.split("\n");
    throw configError("not-executable", `${file}: begins with ${shebang}, but is not executable`, `chmod +x ${file}`);
  }
  return text.replace(/\n+$/, "");
}
