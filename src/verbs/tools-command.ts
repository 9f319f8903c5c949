import { ExitCode } from "../../sandbox/exit-code.ts";
import { byteSize } from "../cli/progress/format.ts";
import { debianMirror } from "../distributions/mirror.ts";
import type { Engine } from "../engine/engine.ts";
import { UserError } from "../errors.ts";
import { interruptible } from "../session/interrupts.ts";
import { ToolsEvents } from "../session/tools-events.ts";
import type { ToolsOptions } from "../tools/tools.ts";
import { buildToolsImage, type LockChange, listTools, pruneTools, type ToolsImage, updateTools } from "./tools.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

type Action = (engine: Engine, options: ToolsOptions) => Promise<VerbResult>;

const actions: Record<string, Action> = {
  list: async (engine, options) => {
    const images = await listTools(engine, options);
    return { text: images.map(imageLine).join(""), data: images };
  },
  build: async (engine, options) => {
    const tools = await buildToolsImage(engine, options);
    return { text: `${tools.image}\n`, data: tools };
  },
  update: async (engine, options) => {
    const changes = await updateTools(engine, options);
    return { text: changes.map(changeLine).join("") || "Nothing changed\n", data: changes };
  },
  prune: async (engine, options) => {
    const removed = await pruneTools(engine, options);
    return { text: removed.map((name) => `${name}\n`).join(""), data: removed };
  },
};

/** `tools list|build|update|prune`; without a word, `list`. */
export async function tools(context: VerbContext): Promise<VerbResult> {
  const { line, environment, platform, interrupts } = context;
  const action = findAction(line.arguments);
  const { connect } = await import("../engine/discover.ts");
  const engine = await interruptible(interrupts, connect({ engine: line.engine, environment, platform }));
  const events = new ToolsEvents(context.onEvent);
  try {
    const { main } = await debianMirror();
    const result = await action(engine, {
      mirror: main,
      allowUpdate: line.toolsUpdate,
      environment,
      signal: interrupts.cancel,
      onProgress: (progress) => events.show(progress),
    });
    events.end("done");
    return result;
  } catch (error) {
    events.end("failed");
    throw error;
  } finally {
    await engine.close();
  }
}

function findAction([word = "list", ...more]: string[]): Action {
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action !== undefined && more.length === 0) return action;
  const expected = `tools takes one of ${Object.keys(actions).join(", ")}`;
  throw new UserError("unexpected-argument", `${expected}, but was given '${[word, ...more].join(" ")}'`, {
    exitCode: ExitCode.usage,
  });
}

function imageLine({ reference, kind, size, created, current }: ToolsImage): string {
  const date = created.toISOString().slice(0, 10);
  return `${current ? "*" : " "} ${reference}  ${kind}  ${byteSize(size)}  ${date}\n`;
}

function changeLine({ architecture, name, from, to }: LockChange): string {
  return `${architecture} ${name}: ${from ?? "(new)"} -> ${to ?? "(gone)"}\n`;
}
