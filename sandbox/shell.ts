import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { BuildError } from "./errors.ts";
import { namespace } from "./run.ts";

export interface ShellOptions {
  /** A mounted tree, whose changes are the caller's to keep or to throw away. */
  root: string;
  /** Empty: root's login shell. */
  command: readonly string[];
  network: boolean;
  /** The terminal's name is passed on. */
  interactive: boolean;
}

/** Runs a command in a tree, as the tree's root user, on this process's terminal. Returns its exit code, or 128 and the signal's number. */
export async function runShell(options: ShellOptions): Promise<number> {
  const { root, network } = options;
  const command = options.command.length > 0 ? [...options.command] : [await loginShell(root), "-l"];
  const home = existsSync(join(root, "root")) ? "/root" : "/";
  const words = [...namespace({ root, chroot: true, network, workingDirectory: home }), "--", ...command];
  const child = spawn("bwrap", words, { stdio: "inherit", env: environment(options.interactive) });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

function environment(interactive: boolean): Record<string, string> {
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    LANG: "C.UTF-8",
    TERM: (interactive && process.env.TERM) || "dumb",
  };
}

/** Root's shell of passwd(5), where it is there, else one that is. */
export async function loginShell(root: string): Promise<string> {
  const file = join(root, "etc/passwd");
  const text = existsSync(file) ? await readFile(file, "utf8") : "";
  const own = /^root:.*:([^:\n]+)$/m.exec(text)?.[1];
  const found = [own, "/bin/bash", "/bin/sh"].find((shell) => shell && existsSync(join(root, shell)));
  if (found) return found;
  throw new BuildError("shell-missing", "the image has no shell: neither root's nor /bin/bash nor /bin/sh", {
    hint: "name a program of the image: caisson shell -- PROGRAM",
  });
}
