import { describe, expect, it } from "vitest";
import { showInPager } from "../../../src/cli/pager.ts";
import { CommandError } from "../../../src/process/command-error.ts";
import type { runOnTerminal } from "../../../src/process/on-terminal.ts";
import { completion } from "../../../src/verbs/completion.ts";
import { documentation } from "../../../src/verbs/documentation.ts";
import { help } from "../../../src/verbs/help.ts";
import { schema } from "../../../src/verbs/schema.ts";
import type { VerbContext } from "../../../src/verbs/verb.ts";
import { verbContext } from "./context.ts";

const missing = () => {
  throw new CommandError("man", { code: "ENOENT" });
};

function onTerminal(...argv: string[]): VerbContext {
  const context = verbContext(...argv);
  Object.assign(context.terminal.stdout, { isTTY: true });
  return context;
}

type Options = Parameters<typeof runOnTerminal>[2];

/** Command, arguments and the environment of what was run, and the first line of its input. */
function recorder() {
  const calls: unknown[] = [];
  const view = (command: string, args: readonly string[], { environment, input }: Options) =>
    void calls.push([command, ...args, environment, input?.split("\n")[1]]);
  return { calls, view };
}

describe("documentation", () => {
  it.each([
    [[], /^\.\\" .*\n\.TH CAISSON 1\n/],
    [["caisson"], /^\.\\" .*\n\.TH CAISSON 1\n/],
    [["reference", "--doc-format=man"], /^\.\\" .*\n\.TH CAISSON 1\n/],
    [["reference"], /^<!-- .* -->\n# Caisson: reference\n/],
    [["--doc-format=markdown"], /^<!-- .* -->\n# Caisson: reference\n/],
  ])("%j, off a terminal", async (words, text) => {
    const result = await documentation(verbContext("documentation", ...words), missing);
    expect(result.text).toMatch(text);
  });

  it.each([
    [[], [["man", "--local-file", "-", {}, ".TH CAISSON 1"]]],
    [["--no-pager"], [["man", "--local-file", "-", { MANPAGER: "cat" }, ".TH CAISSON 1"]]],
    [["--doc-format=system"], [["man", "1", "caisson", {}, undefined]]],
  ])("%j, on a terminal", async (words, expected) => {
    const { calls, view } = recorder();
    expect(await documentation(onTerminal("documentation", ...words), view)).toEqual({});
    expect(calls).toEqual(expected);
  });

  it("is Markdown in a pager where there is no man", async () => {
    const result = await documentation(onTerminal("documentation"), missing);
    expect(result).toMatchObject({ text: expect.stringContaining("# Caisson: reference\n"), paged: true });
  });

  it("says that there is no man where that was asked for", async () => {
    await expect(documentation(onTerminal("documentation", "--doc-format=man"), missing)).rejects.toMatchObject({
      code: "man-not-found",
      message: "There is no command man on this machine",
    });
  });

  it("knows two manuals", async () => {
    await expect(documentation(verbContext("documentation", "news"))).rejects.toMatchObject({
      code: "unexpected-argument",
      message: "documentation takes one of caisson, reference, but was given 'news'",
    });
  });
});

describe("the pager", () => {
  it.each([
    [{}, ["less", { LESS: "FRX" }]],
    [{ LESS: "S" }, ["less", { LESS: "S" }]],
    [{ PAGER: "more -d" }, ["more", "-d", { LESS: "FRX", PAGER: "more -d" }]],
  ])("%j", (environment, expected) => {
    const { calls, view } = recorder();
    expect(showInPager("a\nb", environment, view)).toBe(true);
    expect(calls).toEqual([[...expected, "b"]]);
  });

  it.each([{ PAGER: "" }, { PAGER: "cat" }])("none with %j", (environment) => {
    const { calls, view } = recorder();
    expect(showInPager("a", environment, view)).toBe(false);
    expect(calls).toEqual([]);
  });

  it("none where it is not installed", () => expect(showInPager("a", {}, missing)).toBe(false));
});

describe("completion", () => {
  it.each([
    ["bash", "complete -F _caisson caisson"],
    ["zsh", "#compdef caisson"],
    ["fish", "complete -c caisson "],
  ])("%s", async (shell, text) => {
    expect((await completion(verbContext("completion", shell))).text).toContain(text);
  });

  it.each([
    [[], "completion takes one of bash, zsh, fish"],
    [["tcsh"], "completion takes one of bash, zsh, fish, but was given 'tcsh'"],
    [["bash", "zsh"], "completion takes one of bash, zsh, fish, but was given 'bash zsh'"],
  ])("%j", async (words, message) => {
    await expect(completion(verbContext("completion", ...words))).rejects.toMatchObject({
      code: "unexpected-argument",
      message,
      exitCode: 2,
    });
  });
});

describe("schema", () => {
  it("prints what its data is", async () => {
    const { text = "", data } = await schema(verbContext("schema"));
    expect(JSON.parse(text)).toEqual(data);
    expect(data).toMatchObject({ title: "Resolved configuration of Caisson" });
  });
});

describe("help", () => {
  it("is a page, as wide as the terminal", async () => {
    const { text = "", paged } = await help(verbContext("help"));
    expect(paged).toBe(true);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("is about one thing", async () => {
    const { text, data } = await help(verbContext("help", "format"));
    expect(text).toMatch(/^Format=\n/);
    expect(data).toMatchObject({ name: "Format", long: "--format", facts: { Default: "disk" } });
  });

  it("takes one word", async () => {
    await expect(help(verbContext("help", "a", "b"))).rejects.toMatchObject({
      code: "unexpected-argument",
      message: "help takes one word, but was given 'b' as well",
    });
  });
});
