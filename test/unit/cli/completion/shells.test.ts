import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bashCompletion } from "../../../../src/cli/completion/bash.ts";
import { fishCompletion } from "../../../../src/cli/completion/fish.ts";
import { completionModel } from "../../../../src/cli/completion/model.ts";
import { zshCompletion } from "../../../../src/cli/completion/zsh.ts";
import { settings } from "../../../../src/config/settings/index.ts";

const model = completionModel(settings);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "caisson-completion-"));
  writeFileSync(join(folder, "caisson.bash"), bashCompletion(model));
  writeFileSync(join(folder, "_caisson"), zshCompletion(model));
  writeFileSync(join(folder, "caisson.fish"), fishCompletion(model));
  writeFileSync(join(folder, "a file"), "");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, ...args: string[]): string {
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 20_000,
  });
  if (error !== undefined) throw error;
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout;
}

/** Why a test of a shell is skipped. */
function without(shell: string): string | undefined {
  return spawnSync(shell, ["--version"]).error === undefined ? undefined : `${shell} is not installed`;
}

/** What is offered for the last of `words`, where bash has made words of `=`. */
function offeredByBash(...words: string[]): string[] {
  const script = [
    "source ./caisson.bash",
    'COMP_WORDS=(caisson "$@") COMP_CWORD=$#',
    "_caisson",
    `printf '%s\\n' "\${COMPREPLY[@]}"`,
  ].join("\n");
  return lines(run("bash", "--norc", "-c", script, "bash", ...words));
}

function offeredByFish(line: string): string[] {
  return lines(run("fish", "--no-config", "-c", `source ./caisson.fish; complete -C '${line}'`)).map(
    (text) => text.split("\t")[0] ?? "",
  );
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

describe.skipIf(without("bash") !== undefined)("bash", () => {
  it.each([
    [["cat-"], ["cat-config"]],
    [["--form"], ["--format"]],
    [
      ["--format", "=", "d"],
      ["directory", "disk"],
    ],
    [["--format", "ta"], ["tar"]],
    [["-t", "ta"], ["tar"]],
    [["-t", "tar", "cat-"], ["cat-config"]],
    [["--format", "=", "tar", "cat-"], ["cat-config"]],
    [["--autologin", "cat-"], ["cat-config"]],
    [
      ["--autologin", "="],
      ["yes", "no"],
    ],
    [["--extra-tree", "=", "a"], ["a file"]],
    [["--extra-tree", "a"], ["a file"]],
    [["--directory", "a"], ["a file"]],
    [["vm", "--", "a"], ["a file"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [
      ["fmt", "--check"],
      ["--checksum", "--check"],
    ],
    [["build", "--check"], ["--checksum"]],
    [["lint", "--format", "=", "s"], ["sarif"]],
    [["summary", "--format", "=", "por"], ["portable"]],
    [["explain", "Forma"], ["Format"]],
    [["help", "summ"], ["summary"]],
    [["ss"], []],
  ])("%j: %j", (words, expected) => expect(offeredByBash(...words)).toEqual(expected));
});

describe.skipIf(without("fish") !== undefined)("fish", () => {
  it.each([
    ["caisson cat-", ["cat-config"]],
    ["caisson --format=d", ["--format=directory", "--format=disk"]],
    ["caisson -t ta", ["tar"]],
    ["caisson completion ", ["bash", "fish", "zsh"]],
    ["caisson explain Forma", ["Format"]],
    ["caisson fmt --check", ["--check", "--checksum", "--checksum="]],
    ["caisson build --check", ["--checksum", "--checksum="]],
  ])("%s: %j", (line, expected) => expect(offeredByFish(line)).toEqual(expected));
});

// Completion needs zsh's line editor, and that a terminal. A key completes the line and shows what has become of it.
const inTerminal = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($PWD \\$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w shell 'show() { zle complete-word; print -r -- "got:$BUFFER:done" }; zle -N show; bindkey "^X" show'
zpty -w shell 'print rea""dy'
zpty -r -m shell out '*ready*'
zpty -w -n shell "$1"$'\\x18'
zpty -r -m shell out '*got:*:done*'
zpty -d shell
print -r -- \${\${out##*got:}%%:done*}
`;

function completedByZsh(line: string): string {
  return run("timeout", "15", "zsh", "-f", "-c", inTerminal, "zsh", line).trim();
}

describe.skipIf(without("zsh") !== undefined)("zsh", () => {
  it.each([
    ["caisson cat-", "caisson cat-config"],
    ["caisson --format=por", "caisson --format=portable"],
    ["caisson -t por", "caisson -t portable"],
    ["caisson completion ba", "caisson completion bash"],
    ["caisson lint --format=sa", "caisson lint --format=sarif"],
    ["caisson --extra-tree=a", "caisson --extra-tree=a\\ file"],
  ])("%s: %s", (line, expected) => expect(completedByZsh(line)).toBe(expected), 20_000);
});
