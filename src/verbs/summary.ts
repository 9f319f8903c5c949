import { type Config, loadConfig, type ResolvedConfig, settings } from "../config/index.ts";
import { describeOrigin } from "../config/resolve.ts";
import type { RunVerb } from "./verb.ts";

/** Shows the configuration that a build would use. */
export const summary: RunVerb = async ({ line, environment }) => {
  const resolved = await loadConfig({ directory: line.directory, arguments: line.settings, environment });
  return { text: summaryText(resolved), data: summaryData(resolved) };
};

/** In the reference's form: one object per image, the main one last, with the settings' names as keys. */
export function summaryData(resolved: ResolvedConfig): { Images: Record<string, unknown>[] } {
  return { Images: imagesOf(resolved).map(imageData) };
}

/** For people: what is set, by section, and where it was set. */
export function summaryText(resolved: ResolvedConfig): string {
  return `${imagesOf(resolved).map(imageText).join("\n\n")}\n`;
}

function imagesOf(resolved: ResolvedConfig): ResolvedConfig[] {
  const { defaultInitrd } = resolved;
  return defaultInitrd !== undefined && resolved.config.Initrds.includes("default")
    ? [defaultInitrd, resolved]
    : [resolved];
}

function imageData({ image, config }: ResolvedConfig): Record<string, unknown> {
  const entries = settings.map(({ name }) => [name, asJson(name, config)]);
  return { Image: image, ...Object.fromEntries(entries) };
}

function asJson(name: keyof Config, config: Config): unknown {
  if (name === "RootPassword")
    return config.RootPassword ? [config.RootPassword.value, config.RootPassword.hashed] : null;
  if (name === "SkeletonTrees" || name === "ExtraTrees") {
    return config[name].map(({ source, target }) => ({ Source: source, Target: target ?? null }));
  }
  return config[name] ?? null;
}

function imageText(resolved: ResolvedConfig): string {
  const sections = [...new Set(settings.map(({ section }) => section))];
  const parts = sections.map((section) => sectionText(section, resolved)).filter((part) => part !== "");
  return [`IMAGE: ${resolved.image}`, ...parts].join("\n\n");
}

function sectionText(section: string, { config, origins }: ResolvedConfig): string {
  const rows = settings.filter((row) => row.section === section);
  const lines = rows.flatMap(({ name, secret }) => {
    const values = secret && config[name] !== undefined ? ["(set)"] : asLines(config[name]);
    const places = [...new Set((origins[name] ?? []).map(describeOrigin))].join(", ");
    return values.map((value, index) => {
      const label = index === 0 ? `${name}:` : "";
      const source = index === 0 && places !== "" ? `  (${places})` : "";
      return `    ${label.padEnd(28)}${value}${source}`;
    });
  });
  return lines.length === 0 ? "" : [`  [${section}]`, ...lines].join("\n");
}

/** Nothing for what is not set. */
function asLines(value: Config[keyof Config]): string[] {
  if (value === undefined) return [];
  if (typeof value === "boolean") return [value ? "yes" : "no"];
  if (Array.isArray(value)) return value.map((item) => (typeof item === "string" ? item : treeText(item)));
  if (typeof value === "object") return Object.entries(value).map(([key, item]) => `${key}=${item}`);
  return [String(value)];
}

function treeText({ source, target }: { source: string; target?: string | undefined }): string {
  return target === undefined ? source : `${source}:${target}`;
}
