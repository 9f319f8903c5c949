import type { Setting } from "../../config/settings/setting.ts";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { completionModel } from "../completion/model.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { manPage } from "./man.ts";
import { referencePage } from "./reference.ts";
import { configSchema } from "./schema.ts";

/** Every file of docs/ that comes from the tables: path below docs/ and content. `make generate` writes them. */
export function generatedFiles(settings: readonly Setting[]): Record<string, string> {
  const model = completionModel(settings);
  return {
    "reference.md": referencePage(settings),
    "caisson.1": manPage(settings),
    "config.schema.json": `${JSON.stringify(configSchema(settings), undefined, 2)}\n`,
    "completion/caisson.bash": bashCompletion(model),
    "completion/_caisson": zshCompletion(model),
    "completion/caisson.fish": fishCompletion(model),
  };
}
