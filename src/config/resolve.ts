import type { Loader } from "./loader.ts";
import type { Origin, ResolvedImage } from "./resolved.ts";
import { type Config, type SettingName, settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";

/** An image as it was read, before what depends on other images is filled in. */
export interface Draft extends Omit<ResolvedImage, "config"> {
  config: { -readonly [Name in SettingName]: Config[Name] };
}

/** Takes every value out of the namespace. */
export function draftOf({ values, read }: Loader): Draft {
  const { image } = values.surroundings;
  const { assignments, skipped } = values;
  const config: Record<string, unknown> = {};
  const origins: Partial<Record<SettingName, readonly Origin[]>> = {};
  for (const row of settings as readonly Setting[]) {
    config[row.name] = values.get(row);
    const of = values.origins(row);
    if (of.length > 0) origins[row.name as SettingName] = of;
  }
  // The values and the type come from the same rows.
  return { image, config: config as Draft["config"], origins, assignments, skipped, files: read };
}

/**
 * What a setting of an image would be if nobody set it, with all others as they are. What a default takes from the
 * machine is not in it.
 */
export function defaultOf(row: Setting, { image, config }: ImageValues, workingDirectory: string): unknown {
  const values = config as Readonly<Record<string, unknown>>;
  return row.fallback(<V>({ name }: Setting<string, V>) => values[name] as V, {
    image,
    workingDirectory,
    host: { distribution: undefined, release: undefined },
    distributionAt: () => undefined,
    environment: {},
    exists: () => false,
  });
}

type ImageValues = Pick<ResolvedImage, "image" | "config">;

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
      return [`image ${origin.image}`, ...origin.from.map(describeOrigin)].join(", ");
  }
}
