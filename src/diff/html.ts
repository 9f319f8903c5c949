import type { Difference, Place } from "../../sandbox/protocol.ts";
import { style } from "./html-style.ts";
import { type DiffReport, type Group, grouped, heading, NONE, placeName, summary } from "./report.ts";

/** A page of its own: nothing in it is loaded from anywhere. */
export function reportHtml(report: DiffReport): string {
  const title = escaped(summary(report));
  const left = report.total - report.differences.length;
  const groups = grouped(report.differences);
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${title}</title>`,
    `<style>\n${style}</style>`,
    "</head>",
    "<body>",
    `<header><h1>${report.total === 0 ? "The same" : counted(report.total)}</h1>`,
    `<dl><dt class="a">A</dt><dd>${escaped(report.a)}</dd><dt class="b">B</dt><dd>${escaped(report.b)}</dd></dl>`,
    kinds(report),
    "</header>",
    `<main>${report.total === 0 ? "<p>Every byte is the same.</p>" : groups.map(section).join("\n")}</main>`,
    ...(left > 0 ? [`<footer>${left} more are not shown.</footer>`] : []),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function counted(total: number): string {
  return total === 1 ? "1 difference" : `${total} differences`;
}

const NAMES: Record<Difference["kind"], [string, string]> = {
  package: ["package", "packages"],
  only: ["only in one", "only in one"],
  content: ["content", "contents"],
  attribute: ["attribute", "attributes"],
  order: ["order", "orders"],
  bytes: ["unexplained", "unexplained"],
};

/** How many there are of each kind. */
function kinds({ differences }: DiffReport): string {
  const chips = Object.entries(NAMES).flatMap(([kind, [one, many]]) => {
    const count = differences.filter((difference) => difference.kind === kind).length;
    return count === 0 ? [] : [`<li class="${kind}">${count} ${count === 1 ? one : many}</li>`];
  });
  return chips.length === 0 ? "" : `<ul class="kinds">${chips.join("")}</ul>`;
}

function section({ place, differences }: Group): string {
  const rows = differences.map(row).join("\n");
  return `<section>\n${trail(place)}<table><tbody>\n${rows}\n</tbody></table>\n</section>`;
}

function trail(place: readonly Place[]): string {
  if (place.length === 0) return "";
  const parts = place.map((each) => `<span class="${each.kind}">${escaped(placeName(each))}</span>`);
  return `<h2>${parts.join('<i aria-hidden="true">›</i>')}</h2>\n`;
}

function row(difference: Difference): string {
  const { kind, a, b, lines = [] } = difference;
  const values = `<td class="a">${value(a)}</td><td class="b">${value(b)}</td>`;
  const main = `<tr class="${kind}"><th scope="row">${escaped(heading(difference))}</th>${values}</tr>`;
  if (lines.length === 0) return main;
  return `${main}\n<tr><td colspan="3"><pre>${lines.map(line).join("\n")}</pre></td></tr>`;
}

function value(text: string | undefined): string {
  return text === undefined ? `<em>${NONE}</em>` : `<code>${escaped(text)}</code>`;
}

function line(text: string): string {
  const kind = { "+": "ins", "-": "del" }[text.charAt(0)];
  return kind === undefined ? escaped(text) : `<${kind}>${escaped(text)}</${kind}>`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
