import { type List, list } from "./collections.ts";
import { readWord } from "./enumeration.ts";
import type { Form } from "./form.ts";
import { readBytes, showBytes } from "./numbers.ts";
import { readPath } from "./read-path.ts";
import { isFilename } from "./scalars.ts";
import { invalid, type ValueContext } from "./value-type.ts";

const flags = ["persist"] as const;

export interface Drive {
  id: string;
  /** In bytes. */
  size: number;
  /** Where its file is kept. */
  directory?: string | undefined;
  options?: string | undefined;
  /** Drives with the same one share a file; else it is `id`. */
  fileId: string;
  flags: (typeof flags)[number][];
}

const drive: Form = {
  kind: "object",
  parts: {
    id: { kind: "text" },
    size: { kind: "size" },
    directory: { kind: "text" },
    options: { kind: "text" },
    fileId: { kind: "text" },
    flags: { kind: "list", item: { kind: "words", words: flags } },
  },
  optional: ["directory", "options"],
};

/** `ID:SIZE[:DIRECTORY[:OPTIONS[:FILE-ID[:FLAGS]]]]`, where parts after the size may be empty. */
export const driveList: List<Drive> = list<Drive>({
  metavar: "ID:SIZE",
  separator: "blank",
  item: drive,
  read: readDrive,
  show: ({ id, size, directory = "", options = "", fileId, flags }) =>
    [id, showBytes(size), directory, options, fileId, flags.join(",")].join(":").replace(/:+$/, ""),
});

function readDrive(text: string, context: ValueContext): Drive {
  const [id = "", size, directory = "", options = "", fileId = "", words = "", ...more] = text.split(":");
  if (size === undefined || more.length > 0)
    throw invalid(context, text, "expected ID:SIZE[:DIRECTORY[:OPTIONS[:FILE-ID[:FLAGS]]]]");
  if (!isFilename(id)) throw invalid(context, text, "expected an ID that could be a file name");
  return {
    id,
    size: readBytes(size, context, text),
    ...(directory === "" ? {} : { directory: readPath(directory, { required: true }, context) }),
    ...(options === "" ? {} : { options }),
    fileId: fileId || id,
    flags:
      words === ""
        ? []
        : words.split(",").map((word) => readWord(word, { noun: "drive-flag", values: flags }, context)),
  };
}
