/** The form of a value in the reference's JSON, as plain data; src/config/schemas.ts makes a schema of it. */
export type Form =
  | { kind: "text" }
  | { kind: "boolean" }
  /** A whole number; both ends belong to it. */
  | { kind: "integer"; minimum: number; maximum?: number }
  /** Bytes; a whole number above zero. */
  | { kind: "size" }
  | { kind: "words"; words: readonly string[] }
  | { kind: "list"; item: Form }
  /** Texts by name. */
  | { kind: "dictionary" }
  /** In JSON the names begin with a capital, and a part that is not there is null. */
  | { kind: "object"; parts: Parts; optional?: readonly string[] }
  /** In JSON an array of the parts, in order. */
  | { kind: "tuple"; parts: Parts };

export type Parts = Readonly<Record<string, Form>>;

/** The name of an object's part in JSON: `FileId` for `fileId`. */
export function jsonName(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** A value that has the form, in JSON; null where it is undefined. */
export function toJson(form: Form, value: unknown): unknown {
  if (value === undefined) return null;
  if (form.kind === "list") return (value as readonly unknown[]).map((item) => toJson(form.item, item));
  if (form.kind === "object") {
    return Object.fromEntries(partsToJson(form.parts, value).map(([name, json]) => [jsonName(name), json]));
  }
  if (form.kind === "tuple") return partsToJson(form.parts, value).map(([, json]) => json);
  return value;
}

function partsToJson(parts: Parts, value: unknown): [name: string, json: unknown][] {
  const whole = value as Readonly<Record<string, unknown>>;
  return Object.entries(parts).map(([name, form]) => [name, toJson(form, whole[name])]);
}
