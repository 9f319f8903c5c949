import type { Difference } from "../../sandbox/protocol.ts";
import { type DiffReport, grouped, heading, NONE, placeText, summary } from "./report.ts";

/** For people: a paragraph for each place where something differs. */
export function reportText(report: DiffReport): string {
  const paragraphs = grouped(report.differences).map(({ place, differences }) => {
    const title = placeText(place);
    return `\n${title === "" ? "" : `${title}\n`}${differences.map((each) => paragraph(each, report)).join("")}`;
  });
  const left = report.total - report.differences.length;
  return `${summary(report)}\n${paragraphs.join("")}${left > 0 ? `\nand ${left} more\n` : ""}`;
}

function paragraph(difference: Difference, report: DiffReport): string {
  const { a = NONE, b = NONE, lines = [], kind, what } = difference;
  if (kind === "only")
    return `    ${what} only in ${difference.a === undefined ? `${report.b}: ${b}` : `${report.a}: ${a}`}\n`;
  return `    ${heading(difference)}: ${a} -> ${b}\n${lines.map((line) => `      ${line}\n`).join("")}`;
}
