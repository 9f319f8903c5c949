import type { Assignment, IniSection } from "../config/ini.ts";
import type { Problem } from "../config/problems.ts";
import { findSetting } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { isConditionSection, isForeignSection } from "../config/unknown.ts";
import type { ConfigFile } from "./files.ts";
import { finding, words } from "./findings.ts";

/** Rules that look at one file alone. */
export function checkAssignments({ sections }: ConfigFile): Problem[] {
  const known = sections.filter(({ name }) => !isForeignSection(name));
  const values = known.filter(({ name }) => !isConditionSection(name));
  return [
    ...known.filter(({ assignments }) => assignments.length === 0).map(emptySection),
    ...known.filter(({ name }) => isConditionSection(name)).flatMap(repeatedConditions),
    ...overridden(values),
    ...values.flatMap(({ assignments }) => assignments.flatMap(repeatedItems)),
  ];
}

function emptySection(section: IniSection): Problem {
  return finding("empty-section", `[${section.name}] has no assignment`, section);
}

function repeatedConditions({ assignments }: IniSection): Problem[] {
  const first = new Map<string, number>();
  return assignments.flatMap((assignment) => {
    const condition = `${assignment.key}=${assignment.value}`;
    const line = first.get(condition);
    if (line !== undefined) {
      return [finding("repeated-condition", `${condition} stands in line ${line} already`, assignment)];
    }
    first.set(condition, assignment.line);
    return [];
  });
}

/** Of several assignments, these do not make the ones before them void. */
const neverVoid: readonly string[] = ["MinimumVersion", "Include"];

function overridden(sections: readonly IniSection[]): Problem[] {
  const all = sections.flatMap(({ assignments }) => assignments);
  const last = new Map<string, number>();
  return all.flatMap((winner, index) => {
    const row = rowOf(winner);
    if (row === undefined || neverVoid.includes(row.name)) return [];
    const key = `${row.name} ${winner.section}`;
    const before = last.get(key);
    last.set(key, index);
    const assignment = before === undefined ? undefined : all[before];
    if (assignment === undefined || before === undefined || !makesVoid(winner, assignment, row)) return [];
    if (all.slice(before + 1, index).some((between) => mayRead(between, row))) return [];
    const how = winner.value === "" ? "resets it" : "sets it again";
    return [finding("overridden", `${row.name}= has no effect, since line ${winner.line} ${how}`, assignment)];
  });
}

/** Collections add up until an empty assignment; an empty one itself takes away what other files said. */
function makesVoid(winner: Assignment, assignment: Assignment, { type }: Setting): boolean {
  if (type.collection) return winner.value === "" && assignment.value !== "";
  return true;
}

/** What was assigned has an effect on what is read between it and the next assignment. */
function mayRead({ key, value }: Assignment, { specifier }: Setting): boolean {
  return key === "Include" || (specifier !== undefined && value.includes(`%${specifier}`));
}

/** In these the order counts, or an item belongs to the one before it. */
const orderCounts: readonly string[] = [
  "KernelModules",
  "KernelInitrdModules",
  "FirmwareFiles",
  "KernelCommandLine",
  "KernelCommandLineExtra",
  "QemuArgs",
];

function repeatedItems(assignment: Assignment): Problem[] {
  const row = rowOf(assignment);
  if (row?.type.name !== "list" || orderCounts.includes(row.addsTo ?? row.name)) return [];
  const seen = new Set<string>();
  return words(assignment).flatMap((word) => {
    const isRepeated = seen.has(word.text);
    seen.add(word.text);
    return isRepeated ? [finding("repeated-item", `${row.name}= has ${word.text} twice`, word)] : [];
  });
}

function rowOf({ key }: Assignment): Setting | undefined {
  return findSetting(key.replace(/^@/, ""));
}
