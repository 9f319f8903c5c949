import { randomBytes } from "node:crypto";
import type { Event } from "../../sandbox/protocol.ts";
import type { Engine } from "../engine/engine.ts";
import type { Tools } from "../tools/tools.ts";
import { distDirectory } from "./dist.ts";
import { interrupted } from "./failure.ts";
import { type Interrupts, interruptible } from "./interrupts.ts";
import { removeLeftovers } from "./leftovers.ts";
import { type Log, openLog } from "./log.ts";
import { ToolsEvents } from "./tools-events.ts";
import { transcriptLine } from "./transcript.ts";
import type { Surroundings } from "./worker.ts";

export interface SessionOptions {
  /** `--engine` or Engine=. */
  engine: string | undefined;
  environment: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  onEvent: (event: Event) => void;
  interrupts: Interrupts;
}

/** What the verbs that start workers have in common. */
export interface Session {
  engine: Engine;
  /** New, and unlike that of any other. */
  build: string;
  log: Log;
  dist: string;
  onEvent: (event: Event) => void;
  interrupts: Interrupts;
  surroundings?: Surroundings;
  /** Finds or makes the tools image, with progress, once for the session. */
  tools(allowUpdate: boolean): Promise<Tools>;
}

/**
 * Connects to the engine, removes what killed runs left behind, opens the log, and closes all of it after `work`.
 * Throws what `work` throws, and UserError where there is no engine.
 */
export async function withSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const { connect } = await import("../engine/discover.ts");
  const { engine: name, environment, platform, interrupts } = options;
  const dist = distDirectory();
  const build = `${Date.now().toString(36)}-${randomBytes(3).toString("hex")}`;
  const engine = await interruptible(interrupts, connect({ engine: name, environment, platform }));
  const log = await openLog(environment, build);
  try {
    log.write(`--- build ${build}, engine ${engine.name} at ${engine.address}`);
    const removed = await interruptible(interrupts, removeLeftovers(engine));
    if (removed.length > 0) log.write(`--- removed containers of killed builds: ${removed.join(", ")}`);
    let found: Promise<Tools> | undefined;
    const tools = (allowUpdate: boolean) => {
      found ??= findTools(engine, log, allowUpdate, options);
      return found;
    };
    return await work({ engine, build, log, dist, onEvent: options.onEvent, interrupts, tools });
  } finally {
    await engine.close();
    await log.close();
  }
}

async function findTools(engine: Engine, log: Log, allowUpdate: boolean, options: SessionOptions): Promise<Tools> {
  const { ensureTools } = await import("../tools/tools.ts");
  const { debianMirror } = await import("../distributions/mirror.ts");
  const { interrupts, environment, onEvent } = options;
  const events = new ToolsEvents((event) => {
    const line = transcriptLine(event);
    if (line !== undefined) log.write(line);
    onEvent(event);
  });
  try {
    const { main } = await debianMirror();
    const making = ensureTools(engine, {
      mirror: main,
      allowUpdate,
      environment,
      signal: interrupts.cancel,
      onProgress: (progress) => events.show(progress),
    });
    const tools = await untilCancelled(making, interrupts);
    events.end("done");
    return tools;
  } catch (error) {
    events.end("failed");
    throw error;
  }
}

/** Waits for the tidy end of what was cancelled, but not after a second interrupt. */
async function untilCancelled<T>(work: Promise<T>, { cancel, kill }: Interrupts): Promise<T> {
  try {
    return await interruptible({ cancel: kill, kill }, work);
  } catch (error) {
    if (cancel.aborted) throw interrupted();
    throw error;
  }
}
