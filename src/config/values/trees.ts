import * as z from "zod";
import { type List, list } from "./collections.ts";
import { expandVariables, type PathOptions, readPath, tidyPath } from "./paths.ts";
import { invalid, type ValueContext } from "./value-type.ts";

export interface ConfigTree {
  source: string;
  /** A path in the image; absent: the root. */
  target?: string | undefined;
}

interface TreeOptions extends Pick<PathOptions, "required" | "directory"> {
  /** The target must be an absolute path. */
  absolute?: boolean;
}

const tree = z.codec(
  z.strictObject({ Source: z.string(), Target: z.string().nullable() }),
  z.object({ source: z.string(), target: z.string().optional() }),
  {
    decode: ({ Source, Target }) => ({ source: Source, ...(Target === null ? {} : { target: Target }) }),
    encode: ({ source, target }) => ({ Source: source, Target: target ?? null }),
  },
);

/** `SOURCE` or `SOURCE:TARGET`. */
export function trees(options: TreeOptions = {}): List<ConfigTree> {
  return list<ConfigTree>({
    metavar: "PATH[:TARGET]",
    item: tree,
    read: (text, context) => readTree(text, options, context),
  });
}

function readTree(text: string, { absolute, ...options }: TreeOptions, context: ValueContext): ConfigTree {
  const colon = text.indexOf(":");
  const source = readPath(colon < 0 ? text : text.slice(0, colon), options, context);
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
