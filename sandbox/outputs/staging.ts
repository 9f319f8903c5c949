import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { ExitCode, OUTPUT_PATH } from "../protocol.ts";

/** A build's name, and that of an image after it, which two images of one build are told apart by. */
const STAGING = /^\.caisson-([^.]+)(?:\..*)?\.partial$/;

/**
 * Hands `work` the folder in which everything that an image delivers is written before any of it is moved: a hidden
 * one of the output directory itself, so that moving is no more than a rename. It is removed afterwards, whatever
 * happens. Throws BuildError `output-directory`, where the output directory cannot be written.
 */
export async function withStaging<T>({ plan, image }: Context, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(OUTPUT_PATH, `.caisson-${plan.build}.${image.name}.partial`);
  await makeStaging(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeStaging(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EACCES", "EPERM", "EROFS"].includes(code)) throw error;
    throw new BuildError("output-directory", `the output directory cannot be written (${code})`, {
      hint: "Choose another with OutputDirectory= or -O, or give yourself the right to write into this one.",
      exitCode: ExitCode.host,
      cause: error,
    });
  }
}

/** Removes what killed builds had written halfway. */
export async function sweepPartials(running: string[]): Promise<void> {
  if (!existsSync(OUTPUT_PATH)) return;
  for (const name of await readdir(OUTPUT_PATH)) {
    const build = STAGING.exec(name)?.[1];
    if (build && !running.includes(build)) await rm(join(OUTPUT_PATH, name), { recursive: true, force: true });
  }
}
