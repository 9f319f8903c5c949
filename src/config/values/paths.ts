import { type List, list } from "./collections.ts";
import type { Form } from "./form.ts";
import { findFiles } from "./glob.ts";
import { expandVariables, type PathOptions, readPath, tidyPath } from "./read-path.ts";
import { scalar } from "./scalar.ts";
import { invalid, type ValueContext, type ValueType } from "./value-type.ts";

/** An absolute path of this machine, without symbolic links. `~` and environment variables are expanded. */
export function path(options: PathOptions = {}): ValueType<string> {
  return scalar({
    name: "path",
    metavar: "PATH",
    form: { kind: "text" },
    read: (text, context) => readPath(text, options, context),
  });
}

export function pathList(options: PathOptions = {}): List<string> {
  return list({ metavar: "PATH", item: { kind: "text" }, read: (text, context) => readPath(text, options, context) });
}

/** Patterns such as `scripts/*.sh` stand for the files that they find, in order of names. */
export const scripts: List<string> = list({
  metavar: "PATH",
  item: { kind: "text" },
  expand: (text, context) => {
    const found = findFiles(text, context.directory, context.files);
    if (found.length === 0)
      context.warn("no-match", `${context.setting}= names '${text}', which finds no file`, "ignored");
    return found;
  },
  read: (text, context) => readPath(text, { required: true }, context),
});

export interface ConfigTree {
  source: string;
  /** A path in the image; absent: the root. */
  target?: string | undefined;
}

interface TreeOptions extends Pick<PathOptions, "required" | "directory"> {
  /** The target must be an absolute path. */
  absolute?: boolean;
}

const tree: Form = {
  kind: "object",
  parts: { source: { kind: "text" }, target: { kind: "text" } },
  optional: ["target"],
};

/** `SOURCE` or `SOURCE:TARGET`. */
export function trees(options: TreeOptions = {}): List<ConfigTree> {
  return list<ConfigTree>({
    metavar: "PATH[:TARGET]",
    item: tree,
    show: ({ source, target }) => (target === undefined ? source : `${source}:${target}`),
    read: (text, context) => readTree(text, options, context),
  });
}

function readTree(text: string, { absolute, ...options }: TreeOptions, context: ValueContext): ConfigTree {
  const colon = text.indexOf(":");
  const source = readPath(colon < 0 ? text : text.slice(0, colon), options, context);
  if (!context.files.exists(source)) {
    context.warn(
      "file-not-found",
      `${context.setting}= names '${text}', but ${source} does not exist`,
      "ignored",
      source,
    );
  }
  if (colon < 0) return { source };
  const target = expandVariables(text.slice(colon + 1), context);
  if (absolute && !target.startsWith("/")) throw invalid(context, text, "expected an absolute path after the colon");
  return { source, target: tidyPath(target) };
}

/** Trees that must exist. */
export const treeList = trees({ absolute: true, required: true });

/** [Match] holds where a tree has the target, which is relative to the folder of sources. */
export const buildSources: List<ConfigTree> = {
  ...trees({ required: true, directory: true }),
  matches: (condition, value) => {
    const target = tidyPath(condition.replace(/^\/+/, ""));
    return value.some((tree) => tree.target === target);
  },
};
