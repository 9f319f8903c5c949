import { parse } from "ini";

/** The fields of an os-release(5) file, without their quotes. */
export function readOsRelease(text: string): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(parse(text)).map(([name, value]) => [name, String(value)]));
}
