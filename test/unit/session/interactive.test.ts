import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, expect, it } from "vitest";
import { type Event, PROTOCOL_VERSION } from "../../../sandbox/protocol.ts";
import { type InteractiveRun, runInteractive } from "../../../src/session/interactive.ts";
import { FakeEngine } from "./fake-engine.ts";

let fake: FakeEngine;
let events: Event[];
let cancel: AbortController;
let run: InteractiveRun;
let raw: boolean[];

beforeEach(() => {
  fake = new FakeEngine();
  events = [];
  raw = [];
  cancel = new AbortController();
  run = {
    image: "sha256:1",
    plan: { version: PROTOCOL_VERSION, kind: "shell", project: "p", image: "main", command: ["cat"], network: false },
    build: "b1",
    sources: [],
    outputDirectory: "/out",
    dist: "/dist",
    log: { path: "/logs/b1.log", write: () => undefined, close: async () => undefined },
    onEvent: (event) => void events.push(event),
    interrupts: { cancel: cancel.signal, kill: new AbortController().signal },
    terminal: { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
    terminalName: "xterm",
    endInput: true,
  };
});

function onTerminal(): void {
  run.terminal.stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
  run.terminal.stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 30 });
}

const text = (stream: unknown) => String((stream as PassThrough).read());

it("passes pipes through as they are, and takes events from standard error", async () => {
  const done = runInteractive(fake.engine, run);
  (run.terminal.stdin as PassThrough).end("in");
  fake.stdout.write('{"type":"notice"}\n');
  fake.stderr.write('{"type":"notice","level":"info","message":"TCG"}\ncat: x\n');
  await sleep(5);
  fake.exit(4);
  expect(await done).toBe(4);
  expect(text(run.terminal.stdout)).toBe('{"type":"notice"}\n');
  expect(text(run.terminal.stderr)).toBe("cat: x\n");
  expect(events).toEqual([{ type: "notice", level: "info", message: "TCG" }]);
  expect(text(fake.stdin)).toBe("in");
  expect(fake.stdin.writableEnded).toBe(true);
  expect(fake.started[0]?.tty).toBe(false);
  expect(fake.removed).toEqual(["c1"]);
});

it("keeps a machine's console open at the end of the input", async () => {
  const done = runInteractive(fake.engine, { ...run, endInput: false });
  (run.terminal.stdin as PassThrough).end("in");
  await sleep(5);
  expect(fake.stdin.writableEnded).toBe(false);
  fake.exit(0);
  await done;
});

it("gives a terminal where there is one at both ends, and puts it back", async () => {
  onTerminal();
  const done = runInteractive(fake.engine, run);
  await sleep(5);
  Object.assign(run.terminal.stdout, { columns: 120 });
  run.terminal.stdout.emit("resize");
  fake.stdout.write("\x1b[1mhi");
  await sleep(5);
  fake.exit(0);
  expect(await done).toBe(0);
  expect(fake.started[0]).toMatchObject({ tty: true, environment: { TERM: "xterm" } });
  expect(raw).toEqual([true, false]);
  expect(fake.sizes).toEqual([
    { columns: 100, rows: 30 },
    { columns: 120, rows: 30 },
  ]);
  expect(text(run.terminal.stdout)).toBe("\x1b[1mhi");
  expect(run.terminal.stdout.listenerCount("resize")).toBe(0);
});

it("throws what the worker says went wrong", async () => {
  const done = runInteractive(fake.engine, run);
  fake.stderr.write('{"type":"error","code":"no-tree","message":"main was not built","exitCode":1}\n');
  fake.exit(1);
  await expect(done).rejects.toMatchObject({ code: "no-tree", message: "main was not built" });
});

it("is interrupted", async () => {
  const done = runInteractive(fake.engine, run);
  await sleep(1);
  cancel.abort();
  await expect(done).rejects.toMatchObject({ code: "interrupted" });
  expect(fake.kills).toEqual(["SIGTERM"]);
});
