import { isAbsolute, resolve } from "node:path";
import { variable } from "./collections.ts";
import { didYouMean } from "./near.ts";
import { configError, invalid, shorten, type ValueContext } from "./value-type.ts";

export interface PathOptions {
  /** It must exist. */
  required?: boolean;
  /** Where it is `required`: as a folder. */
  directory?: boolean;
  /** Others must not have any access to it. */
  secret?: boolean;
  /** A relative path is a mistake. */
  absolute?: boolean;
  /** Folders that it must not be in. */
  exclude?: readonly string[];
  /** Words that are not paths. */
  constants?: readonly string[];
}

/** Throws UserError `file-not-found`, `secret-readable`, `invalid-value`. */
export function readPath(text: string, options: PathOptions, context: ValueContext): string {
  if (options.constants?.includes(text)) return text;
  const expanded = expandHome(text, expandVariables(text, context), context);
  const absolute = resolve(context.directory, expanded);
  if (options.required) checkExists(text, absolute, options, context);
  if (options.absolute && !isAbsolute(expanded)) throw invalid(context, text, "expected an absolute path");
  const excluded = options.exclude?.find((folder) => expanded === folder || expanded.startsWith(`${folder}/`));
  if (excluded !== undefined) throw invalid(context, text, `expected a path outside of ${excluded}`);
  const resolved = context.files.resolve(absolute);
  if (options.secret) checkSecret(resolved, context);
  return resolved;
}

/** Linux's PATH_MAX. */
const longestPath = 4096;

function checkExists(text: string, path: string, options: PathOptions, { place, setting, files }: ValueContext): void {
  const names = `${place}: ${setting}= names '${shorten(text)}', but ${shorten(path, longestPath)}`;
  const hint = `Create it, or take it out of ${setting}=`;
  if (!files.exists(path)) {
    const guess = didYouMean(text, options.constants ?? []);
    throw configError("file-not-found", `${names} does not exist${guess}`, hint);
  }
  if (options.directory && !files.isDirectory(path))
    throw configError("not-a-directory", `${names} is not a folder`, hint);
}

function checkSecret(path: string, { place, setting, files }: ValueContext): void {
  const mode = files.exists(path) ? files.mode(path) & 0o777 : 0;
  if ((mode & 0o007) === 0) return;
  const octal = mode.toString(8).padStart(4, "0");
  throw configError(
    "secret-readable",
    `${place}: ${setting}= names ${path}, which is secret, but its mode ${octal} gives everyone access`,
    `chmod 600 ${path}`,
  );
}

/** Unknown variables stay as they are. */
export function expandVariables(text: string, context: ValueContext): string {
  return text.replace(
    /\$(?:(\w+)|\{([^}]*)\})/g,
    (whole, plain, braced) => variable(plain ?? braced, context) ?? whole,
  );
}

function expandHome(text: string, path: string, context: ValueContext): string {
  const [, user, rest = ""] = /^~([^/]*)(.*)$/s.exec(path) ?? [];
  if (user === undefined) return path;
  const home = user === "" ? variable("HOME", context) : undefined;
  if (home === undefined)
    throw invalid(context, text, `the home of ${user || "this user"} is not known; write it in full`);
  return home + rest;
}

/** A path without empty parts and without `.`; `..` stays. Nothing is `.`. */
export function tidyPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return path.startsWith("/") ? `/${parts.join("/")}` : parts.join("/") || ".";
}
