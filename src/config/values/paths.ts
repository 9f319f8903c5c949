import { resolve } from "node:path";
import * as z from "zod";
import { list } from "./collections.ts";
import { scalar } from "./scalars.ts";
import { configError, invalid, type ValueContext, type ValueType } from "./value-type.ts";

interface PathOptions {
  /** It must exist. */
  required?: boolean;
  /** Words that are not paths. */
  constants?: readonly string[];
}

/** An absolute path of this machine, without symbolic links. `~` and environment variables are expanded. */
export function path(options: PathOptions = {}): ValueType<string> {
  return scalar({
    name: "path",
    metavar: "PATH",
    schema: z.string(),
    read: (text, context) => readPath(text, options, context),
  });
}

export function pathList(options: PathOptions = {}): ReturnType<typeof list<string>> {
  return list({ metavar: "PATH", item: z.string(), read: (text, context) => readPath(text, options, context) });
}

export interface ConfigTree {
  source: string;
  /** Absolute path in the image; absent: the root. */
  target?: string | undefined;
}

/** `SOURCE` or `SOURCE:TARGET`. */
export const treeList = list<ConfigTree>({
  metavar: "PATH[:TARGET]",
  item: z.object({ source: z.string(), target: z.string().optional() }),
  read: (text, context) => {
    const colon = text.indexOf(":");
    const source = readPath(colon < 0 ? text : text.slice(0, colon), { required: true }, context);
    return colon < 0 ? { source } : { source, target: readTarget(text, text.slice(colon + 1), context) };
  },
});

function readTarget(text: string, target: string, context: ValueContext): string {
  const expanded = expandVariables(target, context);
  if (!expanded.startsWith("/")) throw invalid(context, text, "expected an absolute path after the colon");
  return expanded;
}

function readPath(text: string, { required = false, constants = [] }: PathOptions, context: ValueContext): string {
  if (constants.includes(text)) return text;
  const absolute = resolve(context.directory, expandHome(expandVariables(text, context), context));
  if (required && !context.files.exists(absolute)) {
    throw configError(
      "file-not-found",
      `${context.place}: ${context.setting}= names '${text}', but ${absolute} does not exist`,
      `Create it, or take it out of ${context.setting}=`,
    );
  }
  return context.files.resolve(absolute);
}

/** Unknown variables stay as they are. */
function expandVariables(text: string, { environment }: ValueContext): string {
  return text.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain, braced) => environment[plain ?? braced] ?? whole);
}

function expandHome(text: string, { environment }: ValueContext): string {
  return environment.HOME === undefined ? text : text.replace(/^~(?=$|\/)/, () => environment.HOME ?? "~");
}
