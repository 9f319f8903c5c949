import * as z from "zod";
import { nearest } from "../cli/suggest.ts";
import { distributions } from "../distributions/index.ts";
import type { Namespace } from "./namespace.ts";
import type { Origin, ResolvedConfig } from "./resolved.ts";
import { Architecture, Distribution, Release } from "./settings/distribution.ts";
import { type Config, type SettingName, settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";
import { orList } from "./values/enumeration.ts";
import { configError } from "./values/value-type.ts";

/** What a resolved configuration must look like; a value that is not set is absent. */
export const configSchema = z.strictObject(
  Object.fromEntries(settings.map((row) => [row.name, (row as Setting).type.schema.optional()])),
);

/**
 * Takes every value out of the namespace and checks what only shows once all are known.
 * Throws UserError `distribution-not-set`, `unknown-release`, `architecture-unsupported`.
 */
export function resolveConfig(values: Namespace): Pick<ResolvedConfig, "image" | "config" | "origins"> {
  checkDistribution(values);
  const entries = (settings as readonly Setting[]).map((row) => [row.name, values.get(row)] as const);
  const config = configSchema.parse(Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
  const origins: Partial<Record<SettingName, Origin[]>> = {};
  for (const row of settings) {
    const of = values.origins(row);
    if (of.length > 0) origins[row.name] = of;
  }
  // The schema and the type come from the same rows.
  return { image: values.surroundings.image, config: config as unknown as Config, origins };
}

function checkDistribution(values: Namespace): void {
  const name = values.get(Distribution);
  if (name === undefined) {
    throw configError(
      "distribution-not-set",
      `Distribution= is not set, and this machine is none of ${Object.keys(distributions).join(", ")}`,
      "Set Distribution= and Release= in [Distribution] of mkosi.conf, or use --distribution and --release",
    );
  }
  const distribution = distributions[name];
  const release = values.get(Release) ?? "";
  if (!(distribution.releases as readonly string[]).includes(release)) throw unknownRelease(values, release, name);
  const architecture = values.get(Architecture);
  if (!Object.hasOwn(distribution.architectures, architecture)) {
    throw configError(
      "architecture-unsupported",
      `${placeOf(values, Architecture)}Architecture=${architecture}: ${distribution.prettyName} has ${orList(Object.keys(distribution.architectures))}`,
    );
  }
}

function unknownRelease(values: Namespace, release: string, name: keyof typeof distributions) {
  const { prettyName, releases } = distributions[name];
  const guess = nearest(release, releases);
  return configError(
    "unknown-release",
    `${placeOf(values, Release)}Release=${release}: ${prettyName} has ${orList(releases)}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
  );
}

function placeOf(values: Namespace, setting: Setting): string {
  const origin = values.origins(setting).at(-1);
  if (origin === undefined) return "";
  return `${describeOrigin(origin)}: `;
}

/** `mkosi.conf:3`, or `--release`, for messages. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "file":
      return `${origin.file}:${origin.line}`;
    case "default file":
      return origin.file;
    case "command line":
      return origin.raw;
    case "image":
      return `image ${origin.image}`;
  }
}
