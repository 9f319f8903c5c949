// Runs the reference implementation.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether a path lies in its built-in configurations, which it unpacks to a place of its own.
 * @param {string} path
 */
export const isReferenceBuiltIn = (path) => /\/resources\/mkosi-(initrd|tools|vm|addon|obs)(\/|$)/.test(path);

/**
 * @param {import("./reference.mjs").Reference} mkosi
 * @param {string} directory where to run it
 * @param {readonly string[]} words options, without verb
 * @param {Record<string, string>} environment
 * @returns {{ summary: any, messages: string }} `summary` is undefined where it fails
 */
export function referenceSummary(mkosi, directory, words, environment) {
  const all = ["--json", ...words, "summary"];
  const own = { LANG: "C.UTF-8", ...environment };
  const [program, ...rest] = typeof mkosi === "function" ? mkosi(all, directory, own) : [programOf(mkosi), ...all];
  const { status, stdout, stderr, error } = spawnSync(program, rest, {
    cwd: directory,
    env: typeof mkosi === "function" ? process.env : { PATH: process.env.PATH, ...own },
    encoding: "utf8",
    maxBuffer: 100 * 2 ** 20,
    timeout: 5 * 60_000,
  });
  if (error) throw error;
  if (/^Traceback /m.test(stderr)) return { summary: undefined, messages: `The reference crashed:\n${stderr}` };
  return { summary: status === 0 ? JSON.parse(stdout) : undefined, messages: stderr };
}

function programOf(mkosi) {
  return statSync(mkosi, { throwIfNoEntry: false })?.isDirectory() ? join(mkosi, "bin/mkosi") : mkosi;
}
