/** `oci:` references: container images where a setting takes a tree. */
import { type List, list } from "./collections.ts";
import { readPath } from "./read-path.ts";
import { invalid, type ValueContext } from "./value-type.ts";

/** An image in a layout on this machine, or in a registry. */
export type OciReference =
  | { kind: "layout"; path: string; name?: string; digest?: string }
  | { kind: "registry"; image: string };

const SCHEME = "oci:";
const REGISTRY = "docker://";
const DIGEST = /@(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
/** As in distribution's reference package: `REGISTRY[:PORT]/NAME[:TAG][@DIGEST]`. */
const IMAGE =
  /^[a-zA-Z0-9.-]+(?::\d+)?(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)+(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]+)?$/;

/** Trees to start from: paths, and images by reference. */
export const baseTrees: List<string> = list({
  metavar: "PATH|oci:REFERENCE",
  item: { kind: "text" },
  read: (text, context) => (isOciReference(text) ? readOciReference(text, context) : readPath(text, {}, context)),
});

export function isOciReference(text: string): boolean {
  return text.startsWith(SCHEME);
}

/** Whether a text is `REGISTRY/NAME[:TAG][@DIGEST]`. */
export function isImageName(text: string): boolean {
  return IMAGE.test(text);
}

/**
 * Reads `oci:PATH[:NAME|@DIGEST]` or `oci:docker://REGISTRY/NAME[:TAG][@DIGEST]`. The path, of a folder in the OCI's
 * image layout or of a tar archive of one, becomes absolute. Throws UserError `invalid-value`, `file-not-found`.
 */
export function readOciReference(text: string, context: ValueContext): string {
  const rest = text.slice(SCHEME.length);
  if (rest.startsWith(REGISTRY)) {
    if (isImageName(rest.slice(REGISTRY.length))) return text;
    throw invalid(context, text, "expected oci:docker://REGISTRY/NAME, with :TAG or @sha256:DIGEST");
  }
  const { path, suffix } = splitPath(rest);
  return `${SCHEME}${readPath(path, { required: true }, context)}${suffix}`;
}

/** Takes apart what `readOciReference` gave. */
export function parseOciReference(text: string): OciReference {
  const rest = text.slice(SCHEME.length);
  if (rest.startsWith(REGISTRY)) return { kind: "registry", image: rest.slice(REGISTRY.length) };
  const { path, suffix } = splitPath(rest);
  if (suffix.startsWith("@")) return { kind: "layout", path, digest: suffix.slice(1) };
  return suffix.length > 1 ? { kind: "layout", path, name: suffix.slice(1) } : { kind: "layout", path };
}

/** A name has no slash. It may be empty: a path whose last part has a colon is written with one more at its end. */
function splitPath(text: string): { path: string; suffix: string } {
  const [suffix = ""] = DIGEST.exec(text) ?? [];
  const colon = text.lastIndexOf(":");
  if (suffix === "" && colon >= 0 && !text.includes("/", colon))
    return { path: text.slice(0, colon), suffix: text.slice(colon) };
  return { path: text.slice(0, text.length - suffix.length), suffix };
}
