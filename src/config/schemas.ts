import * as z from "zod";
import { type Form, jsonName, type Parts } from "./values/form.ts";

/**
 * Checks the reference's JSON and gives the value that it stands for; `toJson` is the other way. `undefined` is not for
 * it: the JSON has null there. Who imports this file loads zod, which takes longer than all that `summary` does.
 */
export function schemaOf(form: Form): z.ZodType {
  switch (form.kind) {
    case "text":
      return z.string();
    case "boolean":
      return z.boolean();
    case "integer": {
      const number = z.number().int().min(form.minimum);
      return form.maximum === undefined ? number : number.max(form.maximum);
    }
    case "size":
      return z.number().int().positive();
    case "words":
      return z.enum(form.words);
    case "list":
      return z.array(schemaOf(form.item));
    case "dictionary":
      return z.record(z.string(), z.string());
    case "object":
      return objectSchema(form.parts, form.optional ?? []);
    case "tuple":
      return tupleSchema(form.parts);
  }
}

function objectSchema(parts: Parts, optional: readonly string[]): z.ZodType {
  const shape = Object.entries(parts).map(([name, part]) => {
    const schema = schemaOf(part);
    return [jsonName(name), optional.includes(name) ? schema.nullable() : schema] as const;
  });
  return z.strictObject(Object.fromEntries(shape)).transform((json) => {
    const values = Object.keys(parts).map((name) => [name, json[jsonName(name)]] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== null));
  });
}

function tupleSchema(parts: Parts): z.ZodType {
  const [first, ...others] = Object.values(parts).map(schemaOf);
  if (first === undefined) throw new Error("a tuple has parts");
  const names = Object.keys(parts);
  return z.tuple([first, ...others]).transform((json) => Object.fromEntries(names.map((name, at) => [name, json[at]])));
}
