import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { BuildError, ToolError } from "../../errors.ts";
import { removeMatching } from "../../tree/glob.ts";
import { apt, makeIndexFolders } from "./tool.ts";

/** What was installed for the sake of these packages alone goes with them. No repository is asked. */
export async function remove(context: Context, root: string, names: string[]): Promise<void> {
  if (names.length === 0) return;
  const index = join(context.work, "no-index");
  await makeIndexFolders(index);
  try {
    await apt(context, { index, root }, ["apt-get", "purge", "--", ...names], { apivfs: true });
  } catch (error) {
    throw explainRemoval(error);
  }
}

function explainRemoval(error: unknown): unknown {
  if (!(error instanceof ToolError)) return error;
  const name = error.output.flatMap((line) => /Unable to locate package (\S+)/.exec(line)?.[1] ?? [])[0];
  if (name === undefined) return error;
  return new BuildError("package-not-found", `RemovePackages= names ${name}, which is not in the image`, {
    hint: "Take it out of RemovePackages=, or look for a misspelling.",
    command: error.command,
    tail: error.tail,
  });
}

/** Written with the time of the build in them, and needed by nothing. */
const WITH_TIMES = [
  "var/log/alternatives.log",
  "var/log/bootstrap.log",
  "var/log/dpkg.log",
  "var/log/apt/*",
  "var/cache/apt/*.bin",
  "var/cache/debconf/*-old",
  "var/cache/ldconfig/aux-cache",
  "var/lib/dpkg/*-old",
  "var/lib/dpkg/lock*",
  "var/lib/dpkg/triggers/Lock",
  "var/lib/apt/extended_states-old",
  "etc/{passwd,group,shadow,gshadow,subuid,subgid}-",
  "etc/.pwd.lock",
];

export async function forgetTimes(root: string): Promise<void> {
  await removeMatching(root, WITH_TIMES);
}

/** Whose data an image without the program has no use for. */
const METADATA = { dpkg: ["var/lib/dpkg"], "apt-get": ["var/lib/apt", "var/cache/apt"] };

/** As in mkosi: `auto` keeps it where the program is in the image, and in formats that other images build on. */
export async function clean({ image }: Context, root: string): Promise<void> {
  if (image.cleanPackageMetadata === "disabled") return;
  const auto = image.cleanPackageMetadata === "auto";
  if (auto && ["directory", "tar"].includes(image.format)) return;
  for (const [program, paths] of Object.entries(METADATA))
    if (!auto || !existsSync(join(root, "usr/bin", program))) await removeMatching(root, paths);
}
