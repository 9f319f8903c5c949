import { scalar } from "./scalar.ts";
import { configError, invalid, type ValueContext, type ValueType } from "./value-type.ts";

/** Undefined where the text is not a whole number. Digits may be parted by underscores. */
export function readInteger(text: string): number | undefined {
  const number = /^[+-]?\d+(?:_\d+)*$/.test(text) ? Number(text.replaceAll("_", "")) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A whole number; `what` is for the message. */
export function wholeNumber(name: string, what: string, minimum = 0): ValueType<number> {
  return scalar({
    name,
    metavar: "NUMBER",
    form: { kind: "integer", minimum },
    read: (value, context) => {
      const number = readInteger(value);
      if (number === undefined || number < minimum)
        throw invalid(context, value, `expected ${what}, a whole number of at least ${minimum}`);
      return number;
    },
  });
}

/** Seconds since 1970. */
export const sourceDateEpoch: ValueType<number> = wholeNumber("source_date_epoch", "seconds since 1970");

/**
 * What the variable SOURCE_DATE_EPOCH says, `of` being where it is set. Throws UserError `invalid-value`.
 * Source: https://reproducible-builds.org/specs/source-date-epoch/
 */
export function readEpoch(text: string | undefined, of: string): number | undefined {
  if (text === undefined || text === "") return undefined;
  const seconds = readInteger(text);
  if (seconds !== undefined && seconds >= 0) return seconds;
  throw configError("invalid-value", `SOURCE_DATE_EPOCH=${text} of ${of}: expected seconds since 1970`);
}

const factors: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** A size in bytes, rounded up to pages of 4096. */
export const bytes: ValueType<number> = scalar({
  name: "bytes",
  metavar: "BYTES",
  form: { kind: "size" },
  show: showBytes,
  read: readBytes,
});

/** `2G` for what is a whole number of them, else a number of bytes. */
export function showBytes(size: number): string {
  const unit = ["G", "M", "K"].find((letter) => size % (factors[letter] ?? 1) === 0) ?? "";
  return `${size / (factors[unit] ?? 1)}${unit}`;
}

/** Throws UserError `invalid-value`, with `text` as what was read. */
export function readBytes(value: string, context: ValueContext, text = value): number {
  const match = /^(\+?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)([KMG]?)$/i.exec(value);
  const size = match === null ? 0 : Number(match[1]?.replaceAll("_", "")) * (factors[match[2] ?? ""] ?? 0);
  if (size <= 0 || !Number.isSafeInteger(Math.ceil(size)))
    throw invalid(context, text, "expected a size such as 512M, 2G or a number of bytes");
  return Math.ceil(Math.ceil(size) / 4096) * 4096;
}

/** Permission bits of a file, up to 1777. */
export const octalMode: ValueType<number> = scalar({
  name: "mode",
  metavar: "MODE",
  form: { kind: "integer", minimum: 0, maximum: 0o1777 },
  show: (mode) => mode.toString(8).padStart(4, "0"),
  read: (value, context) => {
    const digits = /^\+?(?:0o)?([0-7]+(?:_[0-7]+)*)$/i.exec(value)?.[1];
    const mode = Number.parseInt(digits?.replaceAll("_", "") ?? "", 8);
    if (!(mode <= 0o1777)) throw invalid(context, value, "expected an access mode in octal such as 755, at most 1777");
    return mode;
  },
});

export const sectorSize: ValueType<number> = scalar({
  name: "sector_size",
  metavar: "BYTES",
  form: { kind: "integer", minimum: 512, maximum: 4096 },
  read: (value, context) => {
    const size = readInteger(value);
    if (size === undefined || ![512, 1024, 2048, 4096].includes(size))
      throw invalid(context, value, "expected a sector size: 512, 1024, 2048 or 4096");
    return size;
  },
});
