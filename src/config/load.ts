import { join, relative, resolve } from "node:path";
import { type Assignment, type IniSection, parseIni } from "./ini.ts";
import { matches } from "./match.ts";
import type { Namespace } from "./namespace.ts";
import type { Origin } from "./resolved.ts";
import { findSetting, settings } from "./settings/index.ts";
import { cacheSettings, laterFiles, laterSettings } from "./settings/later.ts";
import type { Setting } from "./settings/setting.ts";
import { expandSpecifiers } from "./specifiers.ts";
import { checkSection, unknownSetting } from "./unknown.ts";
import { configError, type Files, type ValueContext } from "./values/value-type.ts";

/** Reads configuration files into a namespace. */
export interface Loader {
  values: Namespace;
  files: Files;
  environment: Readonly<Record<string, string | undefined>>;
  /** As written on the command line; paths in messages start with it. */
  directory: string;
  /** Files read so far, as shown in messages. */
  read: string[];
  warnings: string[];
}

/**
 * Reads the folder `folder`: mkosi.local.conf where `local` is set, files such as mkosi.extra, mkosi.conf, and
 * mkosi.conf.d/ in order of names. Nothing of it counts where [Match] of mkosi.conf does not hold.
 * Paths in a file of mkosi.conf.d/ are relative to `folder`; in a folder of it, to that folder.
 */
export function loadFolder(folder: string, loader: Loader, options: { local: boolean }): void {
  const file = join(folder, "mkosi.conf");
  const sections = loader.files.exists(file) ? readIni(file, loader) : [];
  if (!applies(sections, folder, loader)) return;
  if (options.local) loadLocal(folder, loader);
  refuseLaterFiles(folder, loader);
  for (const setting of settings) loadDefaultFiles(setting, folder, loader);
  if (loader.files.exists(file)) assignAll(sections, file, folder, loader);
  for (const name of loader.files.list(join(folder, "mkosi.conf.d"))) {
    const entry = join(folder, "mkosi.conf.d", name);
    refuseCycle(entry, loader);
    if (loader.files.isDirectory(entry)) loadFolder(entry, loader, { local: false });
    else if (name.endsWith(".conf")) loadFile(entry, folder, loader);
  }
}

/** A symbolic link may lead back to a folder that is being read. */
function refuseCycle(entry: string, loader: Loader): void {
  const target = loader.files.resolve(entry);
  if (target !== entry && entry.startsWith(`${target}/`)) {
    throw configError("configuration-cycle", `${shown(entry, loader)}: leads back to ${target}, which it is a part of`);
  }
}

function loadLocal(folder: string, loader: Loader): void {
  const directory = join(folder, "mkosi.local");
  if (loader.files.isDirectory(directory)) loadFolder(directory, loader, { local: false });
  loader.values.strengthen();
  const file = join(folder, "mkosi.local.conf");
  if (loader.files.exists(file)) loadFile(file, folder, loader);
  loader.values.strengthen();
}

function loadFile(file: string, directory: string, loader: Loader): void {
  const sections = readIni(file, loader);
  if (applies(sections, directory, loader)) assignAll(sections, file, directory, loader);
}

function readIni(file: string, loader: Loader): IniSection[] {
  const sections = parseIni(loader.files.read(file), shown(file, loader));
  for (const section of sections) checkSection(section);
  return sections;
}

function applies(sections: IniSection[], directory: string, loader: Loader): boolean {
  return matches(sections, {
    values: loader.values,
    contextOf: (assignment) => contextOf(assignment.key, placeOf(assignment), directory, loader),
    expand: (assignment) => expand(assignment, directory, loader),
  });
}

function assignAll(sections: IniSection[], file: string, directory: string, loader: Loader): void {
  loader.read.push(shown(file, loader));
  for (const section of sections) {
    const skipped = section.name === "Match" || section.name === "TriggerMatch" || isForeign(section.name);
    if (!skipped) for (const assignment of section.assignments) assign(assignment, directory, loader);
  }
}

function isForeign(section: string): boolean {
  return section.startsWith("X-") && section !== "X-Caisson";
}

function assign(assignment: Assignment, directory: string, loader: Loader): void {
  const place = placeOf(assignment);
  const name = assignment.key.replace(/^@/, "");
  const setting = findSetting(name);
  if (setting === undefined) throw unknownSetting(name, place);
  if (name !== assignment.key) loader.warnings.push(`${place}: the '@' of ${assignment.key} is deprecated`);
  if (name !== setting.name) loader.warnings.push(`${place}: ${name}= is deprecated, it is ${setting.name}= now`);
  if (assignment.section !== setting.section) {
    loader.warnings.push(`${place}: ${name}= belongs in [${setting.section}], not [${assignment.section}]`);
  }
  const origin: Origin = { kind: "file", file: assignment.file, line: assignment.line };
  const text = expand(assignment, directory, loader);
  loader.values.assign("weak", setting, text, origin, contextOf(setting.name, place, directory, loader));
}

function expand(assignment: Assignment, directory: string, loader: Loader): string {
  return expandSpecifiers(assignment.value, {
    values: loader.values,
    file: resolve(loader.directory, assignment.file),
    directory,
    workingDirectory: resolve(loader.directory),
    warn: (message) => loader.warnings.push(`${placeOf(assignment)}: ${message}`),
  });
}

/** Files whose existence is an assignment: `mkosi.extra` is ExtraTrees=mkosi.extra. */
function loadDefaultFiles(setting: Setting, folder: string, loader: Loader): void {
  for (const name of setting.files) {
    const path = join(folder, name);
    if (!loader.files.exists(path)) continue;
    const file = shown(path, loader);
    const text = setting.fileHoldsValue ? readValue(path, file, setting, loader) : name;
    loader.values.assign(
      "weak",
      setting,
      text,
      { kind: "default file", file },
      contextOf(setting.name, file, folder, loader),
    );
  }
}

function readValue(path: string, file: string, setting: Setting, { files }: Loader): string {
  const mode = files.mode(path);
  if ((mode & 0o111) !== 0) {
    throw configError(
      "setting-unsupported",
      `${file}: this version of Caisson does not run files for the value of ${setting.name}= yet`,
      `chmod -x ${file}`,
    );
  }
  if (setting.secret && (mode & 0o007) !== 0) {
    const octal = mode.toString(8).padStart(4, "0");
    throw configError(
      "secret-readable",
      `${file}: holds ${setting.name}=, but its mode ${octal} lets everyone read it`,
      `chmod 600 ${file}`,
    );
  }
  return files.read(path).replace(/\n+$/, "");
}

/** A file that would set something which is not done yet must not be passed over in silence. */
function refuseLaterFiles(folder: string, loader: Loader): void {
  for (const [name, { files = [] }] of Object.entries(laterSettings)) {
    const isCache = (cacheSettings as readonly string[]).includes(name);
    const found = isCache ? undefined : files.find((file) => isPresent(folder, file, loader.files));
    if (found !== undefined) throw fileUnsupported(join(folder, found), ` and the setting ${name}=`, loader);
  }
  const found = laterFiles.find((file) => loader.files.exists(join(folder, file)));
  if (found !== undefined) throw fileUnsupported(join(folder, found), "", loader);
}

function isPresent(folder: string, file: string, files: Files): boolean {
  const [directory = "", pattern] = file.split("/");
  if (pattern === undefined) return files.exists(join(folder, directory));
  return files.list(join(folder, directory)).some((name) => pattern === "*" || name.endsWith(pattern.slice(1)));
}

function fileUnsupported(path: string, setting: string, loader: Loader) {
  return configError(
    "file-unsupported",
    `${shown(path, loader)}: this version of Caisson does not read this file${setting} yet`,
  );
}

export function contextOf(setting: string, place: string, directory: string, loader: Loader): ValueContext {
  return { setting, place, directory, environment: loader.environment, files: loader.files };
}

function placeOf({ file, line }: Assignment): string {
  return `${file}:${line}`;
}

/** A path as the user would write it. */
function shown(path: string, { directory }: Loader): string {
  const below = relative(resolve(directory), path);
  return below.startsWith("..") ? path : join(directory, below);
}
