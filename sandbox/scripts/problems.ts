import { open } from "node:fs/promises";
import { BuildError, type ToolError } from "../errors.ts";
import type { Script, ScriptKind } from "../protocol.ts";
import { kinds } from "./kinds.ts";
import { mounted } from "./sources.ts";

/** What a failure carries of its output: lines, and characters of each. */
const KEPT_LINES = 20;
const KEPT_CHARACTERS = 200;

/**
 * execve(2) runs nothing else than `#!` and ELF, but execvp(3), and so bwrap, would take any text for a program of sh.
 * Throws BuildError `script-invalid`.
 */
export async function checkProgram(path: string, what: string): Promise<void> {
  const start = await firstBytes(path, 4);
  if (start.subarray(0, 2).toString("latin1") === "#!" || start.toString("latin1") === "\x7fELF") return;
  throw new BuildError("script-invalid", `${what} is no program: it has no line such as #!/bin/sh`, {
    hint: "The first line of a script names its interpreter after #!.",
  });
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

interface Failed {
  script: Script;
  kind: ScriptKind;
}

/** What a script's end means: its own exit code, or that it could not be started. */
export async function explainFailure(error: ToolError, { script, kind }: Failed): Promise<BuildError> {
  const what = `${script.file}: the ${kind} script`;
  const notStarted = error.output.at(-1)?.startsWith(`bwrap: execvp ${kinds[kind].path}: `);
  if (notStarted) {
    const interpreter = await interpreterOf(script);
    const where = script.inImage ? "the image" : "the tools image";
    const message = `${what} cannot be started: ${where} has no ${interpreter ?? "loader for it"}`;
    return new BuildError("script-invalid", message, {
      hint: script.inImage
        ? "Install it with Packages=, or take .chroot from the script's name to run it with the tools image."
        : "Name an interpreter that the tools image has, or add .chroot to the script's name to run it in the image.",
    });
  }
  const reason = error.message.slice(`${kinds[kind].path} `.length);
  return new BuildError("script-failed", `${what} ${reason}`, { tail: shortened(error.output) });
}

/** The end of what a script said. */
export function shortened(lines: string[]): string[] {
  return lines.slice(-KEPT_LINES).map((line) => line.slice(0, KEPT_CHARACTERS));
}

/** What the `#!` line names; undefined for a program that is no script. */
async function interpreterOf({ source }: Script): Promise<string | undefined> {
  const text = (await firstBytes(mounted(source), 256)).toString();
  return /^#![ \t]*(\S+)/.exec(text)?.[1];
}
