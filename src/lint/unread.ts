import { guard, type Reading, reportIgnored, valueContext } from "../config/findings.ts";
import { assignAll } from "../config/load.ts";
import { matches } from "../config/match.ts";
import type { Problem } from "../config/problems.ts";
import { isConditionSection, unknownSection } from "../config/unknown.ts";
import type { ConfigFile } from "./files.ts";
import { conditionsOf, expanded, type Scratch, scratchLoader } from "./scratch.ts";

/** What is no mistake in a file that is not read here: only where it is read can it be known. */
const onlyWhereRead = ["specifier-without-value", "assertion-failed", "configuration-cycle"];
/** What may be there where the file is read. */
export const perhapsThere: readonly string[] = ["file-not-found", "no-match", "not-a-directory"];

/** Names and values of a file that this configuration does not read, as if its conditions held. */
export function checkUnread(file: ConfigFile, scratch: Scratch): Problem[] {
  return collect(file, scratch, (reading) => {
    const loader = scratchLoader(file, { ...scratch, reading });
    for (const section of file.sections) {
      const unknown = unknownSection(section);
      if (unknown !== undefined) reportIgnored(loader, unknown, section);
    }
    assignAll(file.sections, file.path, file.directory, loader);
  });
}

/** Every condition by itself, whether or not others before it hold. */
export function checkConditions(file: ConfigFile, scratch: Scratch): Problem[] {
  return collect(file, scratch, (reading) => {
    const loader = scratchLoader(file, { ...scratch, reading });
    for (const section of file.sections.filter(({ name }) => isConditionSection(name))) {
      for (const assignment of section.assignments) {
        guard(loader, assignment, () =>
          matches([{ ...section, name: "Match", assignments: [assignment] }], {
            values: loader.values,
            contextOf: (at) => valueContext(at.key, at, file.directory, loader),
            expand: (at) => expanded(at, file, loader),
          }),
        );
      }
    }
  });
}

/** The problems of the file itself that `check` reports; what it includes is looked at elsewhere. */
function collect(file: ConfigFile, scratch: Scratch, check: (reading: Reading) => void): Problem[] {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const reading: Reading = { ...scratch.reading, report, lenient: true, parsed: new Map() };
  guard({ reading, quiet: false }, undefined, () => check(reading));
  return problems
    .filter(({ place, code }) => place?.file === file.shown && !onlyWhereRead.includes(code))
    .filter(({ code }) => !perhapsThere.includes(code) || !asksForPaths(file))
    .map((problem) => (perhapsThere.includes(problem.code) ? { ...problem, severity: "warning" } : problem));
}

/** Such a file is for those who have what its values name. */
function asksForPaths(file: ConfigFile): boolean {
  return conditionsOf(file).some(({ assignment }) => assignment.key === "PathExists");
}
