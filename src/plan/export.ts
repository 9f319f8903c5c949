import { type Export, ExportPlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import { nearest } from "../cli/suggest.ts";
import { usage } from "../cli/usage.ts";
import type { Config, ResolvedProject } from "../config/index.ts";
import { isImageName } from "../config/values/oci-reference.ts";
import { UserError } from "../errors.ts";
import { type ExportFormat, type ExportName, exportFormats, REGISTRY } from "../exports/index.ts";
import { compressions, formats } from "../formats/index.ts";
import { outputFile } from "./image/index.ts";
import { type SourceMount, Sources } from "./sources.ts";

export interface ExportOptions {
  build: string;
  /** Absolute path of the image. */
  image: string;
  force: boolean;
  /** The caller's ids, where the engine is rootful. */
  owner: { uid: number; gid: number } | undefined;
  /** The user's file of registries' credentials. */
  credentials: string | undefined;
}

/** What is exported: a name of `exportFormats`, or `docker://REGISTRY/NAME[:TAG]`. */
export type ExportTarget = { format: ExportName } | { registry: string };

/** Throws UserError `unexpected-argument`, `missing-value`, `unknown-export`. */
export function exportTargets(words: readonly string[]): ExportTarget[] {
  if (words.length === 0) throw usage("missing-value", "export needs a format", `It takes ${takes()}`);
  return [...new Set(words)].map(exportTarget);
}

function exportTarget(word: string): ExportTarget {
  if (word.startsWith(REGISTRY)) {
    const registry = word.slice(REGISTRY.length);
    if (isImageName(registry) && !registry.includes("@")) return { registry };
    throw usage("unexpected-argument", `${word}: expected ${REGISTRY}REGISTRY/NAME, with :TAG where it has one`);
  }
  if (Object.hasOwn(exportFormats, word)) return { format: word as ExportName };
  const guess = nearest(word, Object.keys(exportFormats));
  throw usage(
    "unknown-export",
    `Unknown format ${word}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    `export takes ${takes()}`,
  );
}

function takes(): string {
  return `${Object.keys(exportFormats).join(", ")}, or ${REGISTRY}REGISTRY/NAME[:TAG]`;
}

/** Throws UserError `not-exportable`: not everything can be made of every image. */
export function checkExportable({ main: { config } }: ResolvedProject, targets: readonly ExportTarget[]): void {
  for (const target of targets) {
    const from: readonly string[] = "format" in target ? exportFormats[target.format].from : ["oci"];
    if (from.includes(config.Format)) continue;
    const what = "format" in target ? target.format : `${REGISTRY}${target.registry}`;
    throw new UserError(
      "not-exportable",
      `${outputFile(config)} has Format=${config.Format}, of which no ${what} can be made`,
      {
        hint: `It is made of Format=${from.filter((name) => name in formats).join(" or ")}`,
      },
    );
  }
}

/** The plan of an export, with what is mounted for it. Pure. */
export function exportPlan(
  project: ResolvedProject,
  targets: readonly ExportTarget[],
  { build, image, force, owner, credentials }: ExportOptions,
): { plan: ExportPlan; mounts: SourceMount[] } {
  const { config } = project.main;
  const sources = new Sources(project.workingDirectory, { credentials });
  const plan = ExportPlan.parse({
    version: PROTOCOL_VERSION,
    kind: "export",
    build,
    image: sources.source("image", image),
    file: outputFile(config),
    compressed: formats[config.Format].compressible && compressions[config.CompressOutput].extension !== "",
    exports: targets.map((target) => exportOf(config, target, sources)),
    reference: archiveReference(config),
    machine: machineOf(config),
    force,
    owner,
  });
  return { plan, mounts: sources.mounts };
}

function exportOf(config: Config, target: ExportTarget, sources: Sources): Export {
  if ("registry" in target) return { kind: "registry", image: target.registry, ...sources.credentials() };
  const { name }: ExportFormat = exportFormats[target.format];
  const file = exportFile(config, target.format);
  if (name === "oci-archive" || name === "docker-archive") return { kind: "container", format: name, file };
  return { kind: "disk", format: name as Extract<Export, { kind: "disk" }>["format"], file };
}

/** The name of the file that is made. */
export function exportFile({ Output }: Pick<Config, "Output">, format: ExportName): string {
  return `${Output}.${exportFormats[format].extension}`;
}

/** Names of images are in lower case, and begin and end with a letter or a digit. */
export function archiveReference({
  ImageId,
  ImageVersion,
  Output,
}: Pick<Config, "ImageId" | "ImageVersion" | "Output">): string {
  const name =
    (ImageId ?? Output)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "image";
  const tag = (ImageVersion ?? "latest")
    .replace(/[^\w.-]/g, "_")
    .replace(/^[.-]/, "_")
    .slice(0, 128);
  return `${name}:${tag}`;
}

function machineOf(config: Config): ExportPlan["machine"] {
  return {
    name: config.ImageId ?? config.Output,
    memory: Math.ceil(config.RAM / 1024 ** 2),
    // Not as many as this machine has, which would be another file on each.
    cpus: config.CPUs === 0 ? 2 : config.CPUs,
    firmware: config.BiosBootloader === "grub" && config.Bootloader === "none" ? "bios" : "efi",
    architecture: config.Architecture,
  };
}
