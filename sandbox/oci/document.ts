import type { ZodType } from "zod";
import { BuildError } from "../errors.ts";

/** A JSON document of an image, read. Throws BuildError `oci-invalid`, which names the document and where in it. */
export function readDocument<T>(schema: ZodType<T>, text: string, name: string): T {
  const read = schema.safeParse(parse(text, name));
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ path, message }) => `${name}: ${place(path)}${message}`);
  throw invalid(lines.join("\n"));
}

export function invalid(message: string): BuildError {
  return new BuildError("oci-invalid", message, {
    hint: "`skopeo inspect` and `umoci stat` show what such an image has.",
  });
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`${name}: ${(error as Error).message}`);
  }
}

/** `manifests[0].digest: `; nothing for the document itself. */
function place(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "";
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return `${parts.join("").replace(/^\./, "")}: `;
}
