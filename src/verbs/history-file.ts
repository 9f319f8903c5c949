import * as z from "zod";
import { decode } from "../config/from-json.ts";
import type { CommandLineJson } from "../config/index.ts";
import { findSetting } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { UserError } from "../errors.ts";
import { invalidHistory } from "./history.ts";

/** Settings of these sections may be others each time that an image runs. */
const freeSections: readonly string[] = ["Include", "Runtime"];

/** The settings that the text of a history file holds. Throws UserError `invalid-history`. */
export function readHistoryFile(text: string, file: string): CommandLineJson {
  const settings = z.record(z.string(), z.unknown()).safeParse(parse(text, file));
  if (!settings.success) throw invalidHistory(file, "expected an object of settings");
  const entries = Object.entries(settings.data).filter(([name, value]) => {
    const row = findSetting(name);
    if (row === undefined) throw invalidHistory(file, `there is no setting ${name}`);
    check(row, value, file);
    return !freeSections.includes(row.section);
  });
  return Object.fromEntries(entries);
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidHistory(file, `is no JSON: ${(error as Error).message}`);
  }
}

/** Values are read again when they are put in place, where the file's name is not known any more. */
function check(row: Setting, value: unknown, file: string): void {
  try {
    decode(row, value, "main");
  } catch (error) {
    throw error instanceof UserError ? invalidHistory(file, error.message) : error;
  }
}
