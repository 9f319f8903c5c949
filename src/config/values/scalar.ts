import type { Form } from "./form.ts";
import type { ValueContext, ValueType } from "./value-type.ts";

/** A value that is one text; nothing means that it is not set. */
export function scalar<T>(options: {
  name: string;
  metavar: string;
  words?: readonly string[];
  form: Form;
  read: (text: string, context: ValueContext) => T;
  show?: ValueType<T>["show"];
  matches?: ValueType<T>["matches"];
}): ValueType<T> {
  const { read, ...rest } = options;
  return {
    empty: undefined,
    collection: false,
    parse: (text, _old, context) => (text === "" ? undefined : read(text, context)),
    ...rest,
  };
}
