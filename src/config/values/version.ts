import { scalar } from "./scalar.ts";
import { invalid, type ValueType } from "./value-type.ts";

/** A version, matched with `==`, `!=`, `<=`, `>=`, `<` or `>` before another; without one, `==`. */
export const version: ValueType<string> = {
  ...scalar({ name: "string", metavar: "VERSION", form: { kind: "text" }, read: (value) => value }),
  matches: (condition, value) => {
    const [, operator = "", other = ""] = /^(==|!=|<=|>=|<|>)?([\s\S]*)$/.exec(condition) ?? [];
    return (operators[operator] ?? isEqual)(compareVersions(value, other));
  },
};

/** The version of the reference whose configuration language this is. */
export const referenceVersion = "27";

/** The newest of all versions that are asked for; an empty assignment changes nothing. */
export const minimumVersion: ValueType<string> = {
  name: "minimum_version",
  metavar: "VERSION",
  empty: undefined,
  collection: false,
  form: { kind: "text" },
  parse: (value, old, context) => {
    if (value === "") return old;
    if (value.startsWith("commit:")) {
      context.warn("commit-unchecked", `${context.setting}=${value}: whether Caisson has this commit is not known`);
      return value;
    }
    if (compareVersions(value, referenceVersion) > 0)
      throw invalid(context, value, `this Caisson does what mkosi ${referenceVersion} does`, "version-too-old");
    return old !== undefined && compareVersions(value, old) <= 0 ? old : value;
  },
};

const isEqual = (order: number) => order === 0;
const operators: Record<string, (order: number) => boolean> = {
  "==": isEqual,
  "!=": (order) => order !== 0,
  "<=": (order) => order <= 0,
  ">=": (order) => order >= 0,
  "<": (order) => order < 0,
  ">": (order) => order > 0,
};

/**
 * Negative where `a` is the older one. The rules are those of the UAPI group's version format specification, with the
 * one difference that the reference has: a text with `^` is the older one where the other has no `^`.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [skipOthers(a), skipOthers(b)];
  if (left === "" && right === "") return 0;
  if (left[0] === right[0] && /^[~.^-]/.test(left)) return compareVersions(left.slice(1), right.slice(1));
  for (const mark of ["~", "", "-", "^", "."]) {
    if (begins(left, mark)) return -1;
    if (begins(right, mark)) return 1;
  }
  const part = /^\d/.test(left) || /^\d/.test(right) ? /^\d*/ : /^[a-zA-Z]*/;
  const order = compareParts(part.exec(left)?.[0] ?? "", part.exec(right)?.[0] ?? "");
  return order === 0 ? compareVersions(left.replace(part, ""), right.replace(part, "")) : order;
}

function skipOthers(version: string): string {
  return version.replace(/^[^a-zA-Z0-9~.^-]+/, "");
}

/** The empty mark stands for the end of the text. */
function begins(version: string, mark: string): boolean {
  return mark === "" ? version === "" : version.startsWith(mark);
}

function compareParts(left: string, right: string): number {
  if (/\d/.test(left + right)) {
    const [a, b] = [BigInt(left || "0"), BigInt(right || "0")];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}
