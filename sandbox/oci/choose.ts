import type { z } from "zod";
import { BuildError } from "../errors.ts";
import type { OciPart, OciSource } from "../protocol.ts";
import { Annotation, type ImageIndex, type IndexEntry } from "./schema.ts";

type Platform = z.infer<typeof OciPart>["ociPlatform"];
type Wanted = Pick<Extract<OciSource, { kind: "layout" }>, "name" | "digest">;

/** The image of a layout that is meant. Throws BuildError `oci-not-found`. */
export function chooseManifest(index: ImageIndex, { name, digest }: Wanted, platform: Platform): IndexEntry {
  const meant = index.manifests.filter((entry) => {
    if (digest !== undefined) return entry.digest === digest;
    return name === undefined || refName(entry) === name;
  });
  if (meant.length === 0) throw notFound(index, digest ?? name);
  const [first, second] = meant;
  if (first !== undefined && second === undefined) return first;
  return choosePlatform(meant, platform);
}

/** That of a platform, where there are several. Throws BuildError `oci-not-found`, `oci-ambiguous`. */
export function choosePlatform(entries: readonly IndexEntry[], wanted: Platform): IndexEntry {
  const fitting = entries.filter(({ platform }) => {
    if (platform?.os !== "linux" || platform.architecture !== wanted?.architecture) return false;
    return !wanted.variant || !platform.variant || platform.variant === wanted.variant;
  });
  const [first] = fitting;
  if (first === undefined) {
    const known = entries.map(({ platform }) => (platform ? `${platform.os}/${platform.architecture}` : "none"));
    throw new BuildError("oci-not-found", `no image is for linux/${wanted?.architecture}; there are ${list(known)}`);
  }
  if (new Set(fitting.map(({ digest }) => digest)).size > 1)
    throw new BuildError("oci-ambiguous", `several images are meant: ${list(fitting.map(refName))}`, {
      hint: "Name one of them: oci:PATH:NAME, or oci:PATH@sha256:DIGEST.",
    });
  return first;
}

function notFound(index: ImageIndex, meant: string | undefined): BuildError {
  const known = index.manifests.map((entry) => refName(entry) ?? entry.digest);
  const hint = known.length > 0 ? `The layout has ${list(known)}.` : "The layout is empty.";
  return new BuildError("oci-not-found", `the layout has no image${meant === undefined ? "" : ` ${meant}`}`, { hint });
}

function refName({ annotations }: IndexEntry): string | undefined {
  return annotations?.[Annotation.refName];
}

function list(names: readonly (string | undefined)[]): string {
  return names.map((name) => name ?? "one without a name").join(", ");
}
