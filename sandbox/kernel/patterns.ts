/** How settings name kernel modules, firmware and devicetrees: shell patterns of which the last that matches decides. */

export interface PatternList {
  /** Shell patterns; a leading `-` takes out. */
  globs: readonly string[];
  /** Regular expressions; what one of them finds is taken, whatever the globs say. */
  expressions: readonly RegExp[];
}

/** Tells the `re:` ones from the others. */
export function splitPatterns(patterns: readonly string[]): PatternList {
  const isExpression = (pattern: string) => pattern.startsWith("re:");
  return {
    globs: patterns.filter((pattern) => !isExpression(pattern)),
    expressions: patterns.filter(isExpression).map((pattern) => new RegExp(pattern.slice(3))),
  };
}

/**
 * The verdict of the last glob that matches a relative path: true where it takes, false where it takes out, undefined
 * where none matches. A glob with a leading `/` is a path below kernel/ (or below the top), one with another `/` matches the
 * end of a path, one without matches the name; a trailing `/` means all below.
 */
export function lastMatch(globs: readonly string[]): (path: string) => boolean | undefined {
  const rules = globs.map(rule);
  return (path) => rules.findLast(({ test }) => test(path))?.take;
}

interface Rule {
  take: boolean;
  test: (path: string) => boolean;
}

function rule(pattern: string): Rule {
  const take = !pattern.startsWith("-");
  const named = take ? pattern : pattern.slice(1);
  const glob = named.endsWith("/") ? `${named}*` : named;
  const name = globExpression(glob);
  const tests = [(path: string) => name.test(path.slice(path.lastIndexOf("/") + 1))];
  if (glob.includes("/")) tests.push(matcher(`*/${glob}`));
  if (glob.startsWith("/")) tests.push(matcher(`/kernel${glob}`), matcher(glob));
  return { take, test: (path) => tests.some((test) => test(path)) };
}

function matcher(glob: string): (path: string) => boolean {
  const expression = globExpression(glob);
  return (path) => expression.test(`/${path}`);
}

/** A shell pattern (glob(7)) as mkosi uses it: `*` and `?` match a slash too. */
export function globExpression(glob: string): RegExp {
  const source = glob.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (part, not?: string, set?: string) => {
    if (set !== undefined) return `[${not ? "^" : ""}${set.replace(/[\\\]^[]/g, "\\$&")}]`;
    if (part === "*") return "[\\s\\S]*";
    return part === "?" ? "[\\s\\S]" : part.replace(/[\\^$.|+()[\]{}/-]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}
