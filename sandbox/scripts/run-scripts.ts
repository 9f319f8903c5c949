import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "../errors.ts";
import { type Emit, step } from "../events.ts";
import { type Script, type ScriptKind, type ScriptsPart, SRCDIR } from "../protocol.ts";
import type { Bind, Run, RunOptions } from "../run.ts";
import { type Commands, writeCommands } from "./commands.ts";
import {
  type Beside,
  BUILDDIR,
  besidePath,
  CONFIG_PATH,
  IN_IMAGE,
  kinds,
  type ScriptFlags,
  scriptVariables,
} from "./kinds.ts";
import { checkProgram, explainFailure } from "./problems.ts";
import { countRun, keepsSources, mounted, withSources } from "./sources.ts";
import { prepareTree, tidyTree } from "./tree.ts";

/** Who runs scripts, and for which image. */
export interface ScriptHost {
  /** The image's name. */
  name: string;
  run: Run;
  emit: Emit;
  /** A folder on the volume for temporary files. */
  work: string;
  /** Whose what scripts write into the user's folders is to be, where that is not the container's root. */
  owner?: { uid: number; gid: number } | undefined;
}

type View = Pick<ScriptsPart, "environment" | "settings" | "buildSources"> &
  Partial<Pick<ScriptsPart, "buildSourcesEphemeral" | "buildDirectory">>;

export interface ScriptRun {
  kind: ScriptKind;
  scripts: Script[];
  view: View;
  flags?: ScriptFlags;
  arguments?: string[];
  /** More variables, such as CACHED. */
  variables?: Record<string, string>;
  /** The image's tree, for those that work on it. */
  root?: string;
  /** Folders by what they are to scripts. */
  beside?: Partial<Record<Beside, string>>;
  /** What the image's package manager puts on PATH. */
  commands?: Commands;
}

/** Runs the scripts of one kind, one after the other, over the same sources. Throws BuildError `script-failed`, `script-invalid`. */
export async function runScripts(host: ScriptHost, asked: ScriptRun): Promise<void> {
  const { kind, view } = asked;
  const folder = join(host.work, `${kind}-scripts`);
  await mkdir(join(folder, "tmp"), { recursive: true });
  await writeFile(join(folder, "config.json"), `${JSON.stringify(view.settings)}\n`);
  const sources = { buildSourcesEphemeral: "no" as const, ...view };
  const start = Math.floor(Date.now() / 1000);
  try {
    await withSources(sources, { kind, folder }, async (binds) => {
      for (const script of asked.scripts) {
        const title = `Running the ${kind} script ${script.file}`;
        await step(host.emit, host.name, title, () => runScript(host, asked, script, { folder, sources: binds }));
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await own(host, userFolders(sources, kind), start);
  }
}

/** The user's own folders that scripts of this kind may write into. */
function userFolders({ buildSources, buildSourcesEphemeral, buildDirectory }: View, kind: ScriptKind): string[] {
  const plain = keepsSources(buildSourcesEphemeral ?? "no", kind);
  const built = buildDirectory && kinds[kind].buildDirectory === "writable" ? [buildDirectory.writable] : [];
  return [...(plain ? buildSources.map(({ source }) => source) : []), ...built].map(mounted);
}

/** A rootful engine's root is not the caller: what it has made since `start` (seconds) is handed over. */
async function own({ run, owner }: ScriptHost, folders: string[], start: number): Promise<void> {
  if (!owner || owner.uid === 0) return;
  const made = ["-uid", "0", "-newerct", `@${start}`];
  const chown = ["-exec", "chown", "--no-dereference", `${owner.uid}:${owner.gid}`, "{}", "+"];
  for (const source of folders)
    await run(["find", "/folder", ...made, ...chown], { binds: [{ source, target: "/folder" }] });
}

async function runScript(
  { run }: ScriptHost,
  asked: ScriptRun,
  script: Script,
  { folder, sources }: { folder: string; sources: Bind[] },
): Promise<void> {
  const { path } = kinds[asked.kind];
  await checkProgram(mounted(script.source), `${script.file}: the ${asked.kind} script`);
  const commands = await writeCommands(join(folder, "commands"), asked.commands, usesNetwork(asked));
  const tree = asked.root ? await prepareTree(asked.root) : undefined;
  countRun();
  try {
    await run([path, ...(asked.arguments ?? [])], scriptOptions(asked, script, { folder, sources, commands }));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw await explainFailure(error, { script, kind: asked.kind });
  } finally {
    if (tree) await tidyTree(tree);
  }
}

export function usesNetwork({ kind, flags }: Pick<ScriptRun, "kind" | "flags">): boolean {
  const { network } = kinds[kind];
  return network === "always" || (network === "asked" && flags?.withNetwork === true);
}

interface Mounts {
  folder: string;
  sources: Bind[];
  commands: { path: string; binds: Bind[] };
}

/** The namespace of a script, and its environment. */
export function scriptOptions(asked: ScriptRun, script: Script, { folder, sources, commands }: Mounts): RunOptions {
  const { kind, view } = asked;
  const { path, buildDirectory } = kinds[kind];
  const beside = Object.entries(asked.beside ?? {}) as [Beside, string][];
  const built = view.buildDirectory && buildDirectory ? mounted(view.buildDirectory.writable) : undefined;
  const binds: Bind[] = [
    { source: mounted(script.source), target: path, readOnly: true },
    { source: join(folder, "config.json"), target: CONFIG_PATH, readOnly: true },
    ...beside.map(([name, source]) => ({ source, target: besidePath(name) })),
    ...(built ? [{ source: built, target: BUILDDIR, readOnly: buildDirectory === "read-only" }] : []),
    ...(script.inImage ? [] : commands.binds),
    ...sources,
  ];
  const variables = { ...scriptVariables(kind, view, asked.flags), ...asked.variables };
  return {
    ...(asked.root ? { root: asked.root } : {}),
    chroot: script.inImage,
    binds,
    folders: [SRCDIR, ...kinds[kind].beside.filter((name) => !asked.beside?.[name]).map(besidePath)],
    scratch: join(folder, "tmp"),
    network: usesNetwork(asked),
    workingDirectory: SRCDIR,
    debug: true,
    environment: script.inImage
      ? { ...variables, ...IN_IMAGE }
      : { ...variables, PATH: `${commands.path}:${TOOLS_PATH}`, ...safeDirectories(variables) },
  };
}

const TOOLS_PATH = "/usr/bin:/usr/sbin:/usr/local/bin";

/** git-config(1): sources may belong to somebody else than the script's user. */
function safeDirectories(variables: Record<string, string>): Record<string, string> {
  const count = Number(variables.GIT_CONFIG_COUNT ?? "0");
  return {
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: "safe.directory",
    [`GIT_CONFIG_VALUE_${count}`]: "*",
  };
}
