import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import type { Bind } from "../run.ts";
import { addonSigning, type UkiSigning, ukiSigning } from "../signing/uki.ts";
import { efiArchitecture } from "./wants.ts";

/** An option of ukify(1) with a text, or with a file's content, or with a file. */
export type UkifyOption = { option: string } & ({ text: string } | { content: string } | { file: string });

export interface UkifyJob {
  context: Context;
  /** A profile becomes part of a kernel's image, and is not signed for itself. */
  kind: "kernel" | "addon" | "profile";
  /** A file on the volume, as all files here. */
  stub: string;
  commandLine: readonly string[];
  options: readonly UkifyOption[];
  /** The file to make, in a folder that it may have for itself. */
  output: string;
}

/** Where ukify sees the build's files. */
const SEEN = "/run/caisson";

/** Makes a PE file of a stub and what is to be in it: every unified kernel image, addon and profile comes by here. */
export async function runUkify(job: UkifyJob): Promise<void> {
  const folder = dirname(job.output);
  await mkdir(folder, { recursive: true });
  const file = commandLineFile(job.output);
  // Stubs before version 254 read on until a zero byte.
  await writeFile(file, `${job.commandLine.join(" ")}\0`);
  const { argv, binds } = ukifyCommand(job);
  const { words, environment, binds: keys } = await signing(job);
  await job.context.run([...argv, ...words], { environment, binds: [...binds, ...keys] });
}

async function signing({ context, kind }: UkifyJob): Promise<UkiSigning> {
  if (kind === "profile") return { words: [], binds: [], environment: {} };
  return kind === "addon" ? addonSigning(context) : ukiSigning(context);
}

/** ukify(1)'s command line, and what it is to see. */
export function ukifyCommand({ context, stub, commandLine, options, output }: UkifyJob): {
  argv: string[];
  binds: Bind[];
} {
  const binds: Bind[] = [{ source: dirname(output), target: `${SEEN}/output` }];
  // Each in a folder of its own: names may be alike.
  const seen = (source: string) => {
    const target = `${SEEN}/${binds.length}/${basename(source)}`;
    binds.push({ source, target, readOnly: true });
    return target;
  };
  const argv = ["ukify", "build", "--efi-arch", efiArchitecture(context.image), "--stub", seen(stub)];
  argv.push("--output", `${SEEN}/output/${basename(output)}`);
  if (commandLine.length > 0) argv.push("--cmdline", `@${seen(commandLineFile(output))}`);
  for (const each of options) argv.push(`--${each.option}`, valueFor(each, seen));
  return { argv, binds };
}

function valueFor(option: UkifyOption, seen: (source: string) => string): string {
  if ("text" in option) return option.text;
  return "file" in option ? seen(option.file) : `@${seen(option.content)}`;
}

function commandLineFile(output: string): string {
  return join(dirname(output), `${basename(output)}.cmdline`);
}
