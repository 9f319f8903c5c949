import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { helpPage } from "../cli/help.ts";
import { findTopic, type Topic, topicHelp } from "../cli/help-topic.ts";
import { settingFacts } from "../cli/setting-facts.ts";
import { usage } from "../cli/usage.ts";
import { settings } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { packageRoot } from "../tools/root.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

const rows: readonly Setting[] = settings;

/** The help page, or all about one setting or verb; as data, the rows that it is made of. */
export async function help({ line, terminal }: Pick<VerbContext, "line" | "terminal">): Promise<VerbResult> {
  const columns = Math.min(120, Math.max(60, terminal.stdout.columns ?? 100));
  const [word, ...more] = line.arguments;
  if (more.length > 0) throw usage("unexpected-argument", `help takes one word, but was given '${more[0]}' as well`);
  if (word === undefined) return { text: helpPage(rows, columns), data: rows.map(settingData), paged: true };
  const topic = findTopic(word, rows);
  return { text: topicHelp(topic, columns), data: topicData(topic) };
}

/** `caisson 0.1.0`. */
export async function version(): Promise<VerbResult> {
  const version = await packageVersion();
  return { text: `caisson ${version}\n`, data: { version } };
}

/** From package.json. */
export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
}

function settingData({ name, section, long, help }: Setting) {
  return { name, section, long, help };
}

function topicData(topic: Topic): unknown {
  if ("verb" in topic) return topic.verb;
  if ("option" in topic) return topic.option;
  const facts = settingFacts(topic.setting).map(({ label, text }) => [label, text]);
  return { ...settingData(topic.setting), facts: Object.fromEntries(facts) };
}
