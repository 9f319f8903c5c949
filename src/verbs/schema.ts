import { configSchema } from "../cli/documentation/schema.ts";
import { settings } from "../config/settings/index.ts";
import type { RunVerb } from "./verb.ts";

/** Prints the JSON Schema of what `summary --json` prints. */
export const schema: RunVerb = async () => {
  const data = configSchema(settings);
  return { text: `${JSON.stringify(data, undefined, 2)}\n`, data };
};
