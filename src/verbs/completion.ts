import { bashCompletion } from "../cli/completion/bash.ts";
import { fishCompletion } from "../cli/completion/fish.ts";
import { type CompletionModel, completionModel } from "../cli/completion/model.ts";
import { zshCompletion } from "../cli/completion/zsh.ts";
import { usage } from "../cli/usage.ts";
import { settings } from "../config/settings/index.ts";
import type { RunVerb } from "./verb.ts";

const shells: Readonly<Record<string, (model: CompletionModel) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints the completion script for a shell: `completion bash|zsh|fish`. */
export const completion: RunVerb = async ({ line }) => {
  const [word = "", ...more] = line.arguments;
  const write = Object.hasOwn(shells, word) ? shells[word] : undefined;
  if (write !== undefined && more.length === 0) return { text: write(completionModel(settings)) };
  const given = [word, ...more].join(" ");
  const found = given === "" ? "" : `, but was given '${given}'`;
  throw usage("unexpected-argument", `completion takes one of ${Object.keys(shells).join(", ")}${found}`);
};
