import { basename } from "node:path";
import { list, readPair } from "./collections.ts";
import type { Form } from "./form.ts";
import { tidyPath } from "./read-path.ts";
import { configError, shorten, type ValueContext, type ValueType } from "./value-type.ts";

/** Has a value, or the path of a file that holds or prints it. */
export interface Credential {
  name: string;
  value?: string | undefined;
  path?: string | undefined;
}

const credential: Form = {
  kind: "object",
  parts: { name: { kind: "text" }, value: { kind: "text" }, path: { kind: "text" } },
  optional: ["value", "path"],
};

const pairs = list<Credential>({
  metavar: "NAME=VALUE|PATH",
  separator: "quoted",
  item: credential,
  // The value is a secret.
  show: ({ name, path }) => (path === undefined ? `${name}=(set)` : `${name}=${path}`),
  read: (text, context) => {
    const [name, value] = readPair(text, () => "", context);
    return { name, value };
  },
});

/** `NAME=VALUE` pairs, or one file, or a folder of files; the name of a file is that of the credential. */
export const credentialList: ValueType<Credential[]> & { empty: Credential[] } = {
  ...pairs,
  name: "credential",
  parse: (text, old, context) =>
    text === "" || text.includes("=") ? pairs.parse(text, old, context) : [...(old ?? []), ...readFiles(text, context)],
};

function readFiles(text: string, { place, setting, directory, files, warn }: ValueContext): Credential[] {
  const path = tidyPath(text.startsWith("/") ? text : `${directory}/${text}`);
  if (!files.exists(path)) {
    throw configError(
      "file-not-found",
      `${place}: ${setting}= names '${shorten(text)}', but ${shorten(path, 4096)} does not exist`,
      "Expected NAME=VALUE, or the path of a file or a folder of files",
    );
  }
  if (!files.isDirectory(path)) return [{ name: basename(path), path }];
  const paths = files.list(path).map((name) => tidyPath(`${path}/${name}`));
  const found = paths.filter((file) => !files.isDirectory(file));
  if (found.length === 0) warn("no-match", `${setting}= names '${text}', a folder without files`);
  return found.map((file) => ({ name: basename(file), path: file }));
}
