import { join } from "node:path";
import type { UserError } from "../errors.ts";
import { assign, expand } from "./assign.ts";
import { builtInFolder } from "./built-in.ts";
import { loadDefaultFiles } from "./default-files.ts";
import { guard, reportIgnored, shown, valueContext, warn } from "./findings.ts";
import { type Assignment, type IniSection, parseIni } from "./ini.ts";
import type { Loader } from "./loader.ts";
import { checkAsserts, matches, type Verdict } from "./match.ts";
import { Profiles } from "./settings/config.ts";
import { Include } from "./settings/include.ts";
import { isConditionSection, isForeignSection, unknownSection } from "./unknown.ts";
import { configError } from "./values/value-type.ts";

export interface FolderOptions {
  /** Reads mkosi.local.conf and mkosi.local/ as well, over all else. */
  local?: boolean;
  /** Reads the profiles of its mkosi.profiles/ as well. */
  profiles?: boolean;
}

/**
 * Reads the folder `folder`: local files, files such as mkosi.extra, mkosi.conf, mkosi.conf.d/ in order of names, and
 * profiles. Nothing of it counts where [Match] of mkosi.conf does not hold: the result is false then.
 * Paths in a file of mkosi.conf.d/ are relative to `folder`; in a folder of it, to that folder.
 */
export function loadFolder(folder: string, loader: Loader, options: FolderOptions = {}): boolean {
  const identity = loader.reading.files.identity(folder);
  if (loader.folders.includes(identity)) throw cycle(folder, loader);
  loader.folders.push(identity);
  try {
    return loadOpenFolder(folder, loader, options);
  } finally {
    loader.folders.pop();
  }
}

function loadOpenFolder(folder: string, loader: Loader, options: FolderOptions): boolean {
  const file = join(folder, "mkosi.conf");
  const sections = loader.reading.files.exists(file) ? readIni(file, loader) : [];
  return within(sections, file, folder, loader, () => {
    if (options.local === true) loadLocal(folder, loader);
    loadDefaultFiles(folder, loader);
    assignAll(sections, file, folder, loader);
    loadDropIns(folder, loader);
    if (options.profiles === true) loadProfiles(folder, loader);
  });
}

/** Reads one file. Paths in it are relative to `directory`. */
export function loadFile(file: string, directory: string, loader: Loader): boolean {
  const sections = readIni(file, loader);
  return within(sections, file, directory, loader, () => assignAll(sections, file, directory, loader));
}

/** A file or a folder, whichever it is; paths in a file are relative to `directory`. */
export function loadEntry(path: string, directory: string, loader: Loader, options: FolderOptions = {}): boolean {
  const isFolder = loader.reading.files.isDirectory(path);
  return isFolder ? loadFolder(path, loader, options) : loadFile(path, directory, loader);
}

/** Reads what Include= names and was not read yet. Called after each assignment. */
export function loadIncludes(directory: string, loader: Loader): void {
  const { files } = loader.reading;
  const named = [
    ...(loader.values.layerValue("strong", Include) ?? []),
    ...(loader.values.layerValue("weak", Include) ?? []),
  ];
  for (const name of named) {
    const path = name.startsWith("/") ? name : builtInFolder(name);
    const identity = files.identity(path);
    if (loader.included.has(identity)) continue;
    loader.included.add(identity);
    loadEntry(path, directory, loader, { profiles: true });
  }
}

/** Runs `read` where the conditions of the file hold, which are what let its assignments in. */
function within(sections: IniSection[], file: string, directory: string, loader: Loader, read: () => void): boolean {
  const verdict = judge(sections, directory, loader);
  if (!verdict.holds) {
    loader.values.skipped.push({ file: shown(file, loader), condition: verdict.condition });
    return false;
  }
  const outer = loader.conditions;
  loader.conditions = [...outer, ...verdict.conditions];
  read();
  loader.conditions = outer;
  return true;
}

function judge(sections: IniSection[], directory: string, loader: Loader): Verdict {
  const context = {
    values: loader.values,
    contextOf: (assignment: Assignment) => valueContext(assignment.key, assignment, directory, loader),
    expand: (assignment: Assignment) => expand(assignment, directory, loader),
  };
  const verdict = guard(loader, sections[0], () => matches(sections, context)) ?? { holds: true, conditions: [] };
  if (verdict.holds) guard(loader, sections[0], () => checkAsserts(sections, context));
  return verdict;
}

/** Each makes what was read before it, and itself, stronger than all that comes after. */
function loadLocal(folder: string, loader: Loader): void {
  const { files } = loader.reading;
  const directory = join(folder, "mkosi.local");
  const file = join(folder, "mkosi.local.conf");
  if (files.isDirectory(directory)) {
    loadFolder(directory, loader);
    loader.values.strengthen();
  }
  if (files.exists(file) && !files.isDirectory(file)) {
    loadFile(file, folder, loader);
    loader.values.strengthen();
  }
}

function loadDropIns(folder: string, loader: Loader): void {
  const { files } = loader.reading;
  for (const name of files.list(join(folder, "mkosi.conf.d"))) {
    const entry = join(folder, "mkosi.conf.d", name);
    if (files.isDirectory(entry)) guard(loader, undefined, () => loadFolder(entry, loader));
    else if (!name.endsWith(".conf")) continue;
    else if (files.exists(entry)) guard(loader, undefined, () => loadFile(entry, folder, loader));
    else warn(loader, "dangling-link", `${shown(entry, loader)} points to nothing`);
  }
}

function loadProfiles(folder: string, loader: Loader): void {
  for (const profile of loader.values.get(Profiles)) {
    for (const name of [profile, `${profile}.conf`]) {
      const path = join(folder, "mkosi.profiles", name);
      if (loader.reading.files.exists(path)) loadEntry(path, folder, loader);
    }
  }
}

function readIni(file: string, loader: Loader): IniSection[] {
  const { reading } = loader;
  const known = reading.parsed.get(file);
  if (known !== undefined) return known;
  const text = reading.files.read(file);
  const sections = parseIni(text, shown(file, loader), reading.lenient ? reading.report : undefined);
  reading.parsed.set(file, sections);
  for (const section of sections) {
    const finding = unknownSection(section);
    if (finding !== undefined) reportIgnored(loader, finding, section);
  }
  return sections;
}

/** Assigns all of a file, whatever its conditions. */
export function assignAll(sections: readonly IniSection[], file: string, directory: string, loader: Loader): void {
  if (!loader.reading.files.exists(file)) return;
  loader.read.push(file);
  for (const section of sections) {
    if (isConditionSection(section.name) || isForeignSection(section.name)) continue;
    if (unknownSection(section) !== undefined) continue;
    for (const assignment of section.assignments) {
      const setting = guard(loader, assignment, () => assign(assignment, directory, loader));
      if (setting?.name === Include.name) guard(loader, assignment, () => loadIncludes(directory, loader));
    }
  }
}

function cycle(folder: string, loader: Loader): UserError {
  return configError("configuration-cycle", `${shown(folder, loader)}: leads back to a folder that it is a part of`);
}
