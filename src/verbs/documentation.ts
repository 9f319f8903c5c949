import { manPage } from "../cli/documentation/man.ts";
import { referencePage } from "../cli/documentation/reference.ts";
import { isMissing } from "../cli/pager.ts";
import { usage } from "../cli/usage.ts";
import { settings } from "../config/settings/index.ts";
import { UserError } from "../errors.ts";
import { runOnTerminal } from "../process/on-terminal.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/** What each has where no format is asked for. */
const manuals = { caisson: "man", reference: "markdown" } as const;

/**
 * `documentation [caisson|reference]`: on a terminal the manual page through man(1), and through a pager what is
 * Markdown or where there is no man(1); elsewhere the page's source. Throws UserError `unexpected-argument`,
 * `man-not-found`.
 */
export async function documentation(context: VerbContext, view = runOnTerminal): Promise<VerbResult> {
  const manual = findManual(context.line.arguments);
  const { docFormat = "auto" } = context.line.options;
  const format = docFormat === "auto" ? manuals[manual] : docFormat;
  const markdown = { text: referencePage(settings), paged: true };
  if (format === "markdown") return markdown;
  const page = manPage(settings);
  if (format === "man" && context.terminal.stdout.isTTY !== true) return { text: page };
  context.endProgress();
  const { environment } = context;
  try {
    if (format === "system") view("man", ["1", "caisson"], { environment });
    else view("man", ["--local-file", "-"], { environment: pagerOf(context), input: page });
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (docFormat === "auto") return markdown;
    throw new UserError("man-not-found", "There is no command man on this machine", {
      hint: "--doc-format=markdown needs none",
      cause: error,
    });
  }
  return {};
}

function pagerOf({ line, environment }: VerbContext): NodeJS.ProcessEnv {
  return line.options.noPager ? { ...environment, MANPAGER: "cat" } : environment;
}

function findManual([word = "caisson", ...more]: string[]): keyof typeof manuals {
  if (more.length === 0 && Object.hasOwn(manuals, word)) return word as keyof typeof manuals;
  const expected = `documentation takes one of ${Object.keys(manuals).join(", ")}`;
  throw usage("unexpected-argument", `${expected}, but was given '${[word, ...more].join(" ")}'`);
}
