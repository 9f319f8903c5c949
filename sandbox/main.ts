/** The worker: reads the plan, carries it out, tells the host what happens, ends with one of the protocol's exit codes. */
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "./build.ts";
import { clean } from "./clean.ts";
import { configure } from "./configure.ts";
import { makeShare } from "./context.ts";
import { diff } from "./diff.ts";
import { BuildError } from "./errors.ts";
import type { Emit } from "./events.ts";
import { exportImage } from "./export.ts";
import { failureEvent } from "./failure.ts";
import { genkey } from "./genkey.ts";
import { type BuildPlan, Control, ExitCode, PLAN_PATH, Plan, PROTOCOL_VERSION, type ShellPlan } from "./protocol.ts";
import type { OpenShell } from "./run.ts";
import { runShell } from "./shell.ts";
import { claimWork, readJson } from "./store.ts";
import { fileHash } from "./tree/hash.ts";
import { mountOverlay } from "./tree/overlay.ts";
import { runVm } from "./vm.ts";

process.exitCode = await main();

async function main(): Promise<number> {
  // Folders and files that are made here get the same modes everywhere.
  process.umask(0o022);
  const cancel = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => cancel.abort());
  let interactive = false;
  const emit: Emit = (event) => (interactive ? process.stderr : process.stdout).write(`${JSON.stringify(event)}\n`);
  try {
    const plan = await readPlan();
    interactive = plan.kind === "vm" || plan.kind === "shell";
    return await carryOut(plan, emit, cancel);
  } catch (error) {
    const failure = failureEvent(error, cancel.signal.aborted);
    // A terminal is the user's own: no JSON there.
    if (process.stdout.isTTY)
      process.stderr.write(`error: ${failure.message}\n${failure.hint ? `  hint: ${failure.hint}\n` : ""}`);
    else emit(failure);
    return failure.exitCode;
  } finally {
    process.stdin.destroy();
  }
}

async function readPlan(): Promise<Plan> {
  const json: unknown = JSON.parse(await readFile(PLAN_PATH, "utf8"));
  const plan = Plan.safeParse(json);
  if (plan.success) return plan.data;
  const version = (json as { version?: unknown } | null)?.version;
  throw new BuildError(
    "plan-invalid",
    `a plan of protocol version ${version} is not for this worker, which speaks ${PROTOCOL_VERSION}: ${plan.error.message}`,
    {
      hint: "Host and sandbox side belong to one installation of Caisson: `make build` makes both.",
    },
  );
}

async function carryOut(plan: Plan, emit: Emit, cancel: AbortController): Promise<number> {
  switch (plan.kind) {
    case "build":
      return buildPlan(plan, emit, cancel);
    case "configure":
      listen(cancel);
      emit({ type: "hello", version: PROTOCOL_VERSION });
      await configure(plan, { emit, signal: cancel.signal });
      return ExitCode.done;
    case "diff":
      listen(cancel);
      emit({ type: "hello", version: PROTOCOL_VERSION });
      await diff(plan, { emit, signal: cancel.signal });
      return ExitCode.done;
    case "export":
      listen(cancel);
      emit({ type: "hello", version: PROTOCOL_VERSION });
      await exportImage(plan, { emit, signal: cancel.signal });
      return ExitCode.done;
    case "clean":
      listen(cancel);
      emit({ type: "hello", version: PROTOCOL_VERSION });
      await clean(plan, { emit, signal: cancel.signal });
      return ExitCode.done;
    case "genkey":
      listen(cancel);
      emit({ type: "hello", version: PROTOCOL_VERSION });
      await genkey(plan, { signal: cancel.signal });
      return ExitCode.done;
    case "vm":
      return runVm(plan);
    case "shell":
      return shell(plan);
  }
}

async function buildPlan(plan: BuildPlan, emit: Emit, cancel: AbortController): Promise<number> {
  const messages = new EventEmitter();
  listen(cancel, (message) => messages.emit(message));
  emit({ type: "hello", version: PROTOCOL_VERSION });
  const { signal } = cancel;
  const openShell = askForShell((command, environment) => {
    const resumed = once(messages, Control.resume, { signal });
    emit({ type: "debug-shell", command, environment });
    return resumed;
  });
  await build(plan, { emit, signal, code: await ownHash(), share: makeShare(), openShell });
  return ExitCode.done;
}

/** The user has one terminal: shells open one after the other. */
function askForShell(ask: (...shell: Parameters<OpenShell>) => Promise<unknown>): OpenShell {
  let last: Promise<unknown> = Promise.resolve();
  return async (...shell) => {
    const mine = last.then(() => ask(...shell));
    last = mine.catch(() => undefined);
    await mine;
  };
}

/** The host says "cancel", or goes away: both end the build. A terminal's input, in contrast, belongs to the guest. */
function listen(cancel: AbortController, onMessage: (line: string) => void = () => undefined): void {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => (line === Control.cancel ? cancel.abort() : onMessage(line)));
  lines.on("close", () => cancel.abort());
}

/** This program's hash: what it does to a tree is part of every layer's key. */
function ownHash(): Promise<string> {
  return fileHash(fileURLToPath(import.meta.url));
}

async function shell(plan: ShellPlan): Promise<number> {
  const stack = await readJson<string[]>("latest", `tree-${plan.project}-${plan.image}`);
  if (!stack)
    throw new BuildError("not-built", `no tree of ${plan.image} is on the volume`, {
      hint: "Run `caisson build` first.",
    });
  const { folder, release } = await claimWork(`shell-${randomUUID()}`);
  const overlay = await mountOverlay(stack, folder);
  try {
    return await runShell({
      root: overlay.root,
      command: plan.command,
      network: plan.network,
      interactive: process.stdin.isTTY === true,
    });
  } finally {
    await overlay.unmount();
    await release();
  }
}
