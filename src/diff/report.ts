import type { Difference, Place } from "../../sandbox/protocol.ts";

/** What a comparison found. */
export interface DiffReport {
  /** What was compared, as the user named it. */
  a: string;
  b: string;
  /** In the order in which they were found; of very many, the first. */
  differences: Difference[];
  /** How many there are, those left out as well. */
  total: number;
  /** Names of the outermost places of all differences, of those left out as well. */
  outermost: Set<string>;
}

/** More than anybody reads, and few enough to be held in memory. */
export const MOST_DIFFERENCES = 10_000;

/** Takes differences in as they are found. */
export function emptyReport(a: string, b: string): DiffReport & { add(difference: Difference): void } {
  const report = {
    a,
    b,
    differences: [] as Difference[],
    total: 0,
    outermost: new Set<string>(),
    add({ place, kind, what, a: left, b: right, offset, lines }: Difference) {
      report.total++;
      if (place[0]) report.outermost.add(place[0].name);
      if (report.differences.length >= MOST_DIFFERENCES) return;
      report.differences.push({ place, kind, what, a: left, b: right, offset, lines });
    },
  };
  return report;
}

/** As JSON. */
export function reportData({ a, b, differences, total }: DiffReport): object {
  return { a, b, same: total === 0, total, differences };
}

export interface Group {
  place: Place[];
  differences: Difference[];
}

/** What differs in one place, in one group: one after the other as they were found. */
export function grouped(differences: readonly Difference[]): Group[] {
  const groups: Group[] = [];
  for (const difference of differences.map(fromOutside)) {
    const last = groups.at(-1);
    if (last && placeText(last.place) === placeText(difference.place)) last.differences.push(difference);
    else groups.push({ place: difference.place, differences: [difference] });
  }
  return groups;
}

/** What only one has is told of what it lies in: there may be many in a row. */
function fromOutside(difference: Difference): Difference {
  const inner = difference.place.at(-1);
  if (difference.kind !== "only" || inner?.kind !== "file") return difference;
  return { ...difference, place: difference.place.slice(0, -1), what: `${difference.what} ${inner.name}` };
}

/** `GPT > partition 2 (root) > ext4 > /etc/motd`. */
export function placeText(place: readonly Place[]): string {
  return place.map(placeName).join(" > ");
}

export function placeName({ kind, name }: Place): string {
  return ["partition", "layer", "image"].includes(kind) ? `${kind} ${name}` : name;
}

export function summary({ a, b, total }: DiffReport): string {
  if (total === 0) return `${a} and ${b} are the same`;
  return `${a} and ${b} differ: ${total === 1 ? "1 difference" : `${total} differences`}`;
}

/** What is said of one difference before its values. */
export function heading({ kind, what, offset }: Difference): string {
  switch (kind) {
    case "only":
      return what;
    case "attribute":
      return what;
    case "content":
      return `content, from byte ${offset}`;
    case "order":
      return `order, from ${what} on`;
    case "package":
      return `package ${what}`;
    case "bytes":
      return `nothing inside explains it: ${what}, byte ${offset}`;
  }
}

/** In place of a value that is not there. */
export const NONE = "(none)";
