import type { ParsedSetting } from "../../../src/config/index.ts";
import { lintProject } from "../../../src/lint/index.ts";
import { problemsText } from "../../../src/lint/report.ts";
import { debian, folder } from "../config/folder.ts";

/** What `lint` says of these files, line by line, without the count; the folder of the project is left out. */
export async function lintFiles(files: Record<string, string>, given: ParsedSetting[] = []): Promise<string[]> {
  return lintFolder(folder(files), given);
}

export async function lintFolder(root: string, given: ParsedSetting[] = [], only: string[] = []): Promise<string[]> {
  const problems = await lintProject({
    directory: root,
    arguments: given,
    environment: {},
    host: { distribution: "debian", release: "trixie", architecture: "x86-64" },
    only: only.map((name) => `${root}/${name}`),
  });
  return problemsText(problems).replaceAll(`${root}/`, "").split("\n").slice(0, -2);
}

/** The same for a mkosi.conf for Debian that ends with `content`, whose first line is line 4. */
export function lintText(content: string, files: Record<string, string> = {}): Promise<string[]> {
  return lintFiles({ ...files, "mkosi.conf": debian + content });
}
