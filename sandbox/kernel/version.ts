/**
 * Orders two versions as the UAPI group's Version Format Specification says
 * (https://uapi-group.org/specifications/specs/version_format_specification/): negative, zero or positive.
 */
export function compareVersions(left: string, right: string): number {
  let [a, b] = [left, right];
  for (;;) {
    a = a.replace(/^[^A-Za-z0-9~^.-]+/, "");
    b = b.replace(/^[^A-Za-z0-9~^.-]+/, "");
    if (a.startsWith("~") || b.startsWith("~")) {
      const order = marked(a, b, "~");
      if (order) return order;
      [a, b] = [a.slice(1), b.slice(1)];
      continue;
    }
    if (a === "" || b === "") return Math.sign(a.length - b.length);
    const mark = ["-", "^", "."].find((sign) => a.startsWith(sign) || b.startsWith(sign));
    if (mark) {
      const order = marked(a, b, mark);
      if (order) return order;
      [a, b] = [a.slice(1), b.slice(1)];
      continue;
    }
    const pattern = /^\d/.test(a) || /^\d/.test(b) ? /^\d*/ : /^[A-Za-z]*/;
    const [x, y] = [pattern.exec(a)?.[0] ?? "", pattern.exec(b)?.[0] ?? ""];
    const order = pattern.source === "^\\d*" ? numbers(x, y) : letters(x, y);
    if (order) return order;
    [a, b] = [a.slice(x.length), b.slice(y.length)];
  }
}

/** The one that has the mark is the lower one. */
function marked(a: string, b: string, mark: string): number {
  return Number(b.startsWith(mark)) - Number(a.startsWith(mark));
}

function numbers(a: string, b: string): number {
  const [x, y] = [BigInt(a || "0"), BigInt(b || "0")];
  return x < y ? -1 : x > y ? 1 : 0;
}

function letters(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
