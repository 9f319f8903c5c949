import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { loadConfig, type ParsedSetting, type ResolvedImage, type ResolvedProject } from "../../../src/config/index.ts";
import { problemText } from "../../../src/config/problems.ts";

/** A folder with these files; a name that ends with a slash is a folder. It is gone after the test. */
export function folder(files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "caisson-config-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name.endsWith("/") ? name : dirname(name)), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(join(root, name), content, { mode: 0o600 });
  }
  return root;
}

/** Options as the command line hands them over: `--package=a` becomes Packages=a. */
export function given(...options: [name: string, value: string][]): ParsedSetting[] {
  return options.map(([name, value]) => ({
    name,
    value,
    source: "command line",
    raw: `--${name.toLowerCase()}=${value}`,
  }));
}

/** A project, with its main image's parts beside it, and its problems as people see them. */
export type Loaded = ResolvedProject & ResolvedImage & { warnings: string[] };

/** Loads a folder on a machine that is not one of the distributions. */
export async function load(
  directory: string,
  options: { arguments?: ParsedSetting[]; environment?: Record<string, string>; host?: [string, string] } = {},
): Promise<Loaded> {
  const [distribution, release] = options.host ?? [undefined, undefined];
  const project = await loadConfig({
    directory,
    arguments: options.arguments ?? [],
    environment: options.environment ?? {},
    host: { distribution, release, architecture: "x86-64" },
  });
  return { ...project, ...project.main, warnings: project.problems.map(problemText) };
}

export const debian = "[Distribution]\nDistribution=debian\nRelease=trixie\n";

/** Loads one mkosi.conf for Debian that ends with `content`, whose first line is line 4. */
export function loadText(content: string, files: Record<string, string> = {}): Promise<Loaded> {
  return load(folder({ ...files, "mkosi.conf": debian + content }));
}
