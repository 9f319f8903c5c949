import { styleText } from "node:util";
import { type ResolvedImage, type ResolvedProject, settings } from "../config/index.ts";
import { summaryJson } from "../config/json.ts";
import { describeOrigin } from "../config/resolve.ts";
import type { Setting } from "../config/settings/setting.ts";
import { showValue } from "../config/values/show.ts";
import { noticeConfigureScripts, readConfiguration } from "./configuration.ts";
import type { RunVerb } from "./verb.ts";

interface Style {
  color: boolean;
  /** Says where each value was set. */
  origins: boolean;
}

/** Shows the configuration that a build would use. */
export const summary: RunVerb = async (context) => {
  const { line, environment, terminal } = context;
  const project = await readConfiguration(context);
  noticeConfigureScripts(project, context);
  if (line.json) return { data: summaryJson(project) };
  const color = terminal.stdout.isTTY === true && (environment.NO_COLOR ?? "") === "";
  return { text: summaryText(project, { color, origins: line.options.origins }), paged: true };
};

/** For people: what has a value, by section; what is not the default stands out. */
export function summaryText({ images, tools }: Pick<ResolvedProject, "images" | "tools">, style: Style): string {
  const all = tools === undefined ? images : [tools, ...images];
  return `${all.map((image) => imageText(image, style)).join("\n\n")}\n`;
}

const sections = [...new Set(settings.map(({ section }) => section))];

function imageText(image: ResolvedImage, style: Style): string {
  const parts = sections.map((section) => sectionText(section, image, style)).filter((part) => part !== "");
  return [paint("bold", `IMAGE: ${image.image}`, style), ...parts].join("\n\n");
}

function sectionText(section: string, image: ResolvedImage, style: Style): string {
  const rows = (settings as readonly Setting[]).filter((row) => row.section === section);
  const lines = rows.flatMap((row) => settingLines(row, image, style));
  return lines.length === 0 ? "" : [paint("cyan", `  [${section}]`, style), ...lines].join("\n");
}

/** Nothing for what is not set. */
function settingLines(row: Setting, { config, origins }: ResolvedImage, style: Style): string[] {
  const name = row.name as keyof typeof config;
  const values = row.secret && config[name] !== undefined ? ["(set)"] : showValue(row.type, config[name]);
  const places = [...new Set((origins[name] ?? []).map(describeOrigin))].join(", ");
  const shown = (value: string) => (places === "" ? value : paint("bold", value, style));
  const source = style.origins && places !== "" ? paint("dim", `  (${places})`, style) : "";
  return values.map((value, index) => {
    const label = (index === 0 ? `${name}:` : "").padEnd(35);
    return `    ${label}${shown(value)}${index === 0 ? source : ""}`;
  });
}

function paint(format: "bold" | "cyan" | "dim", text: string, { color }: Style): string {
  return color ? styleText(format, text, { validateStream: false }) : text;
}
