import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, expect, it } from "vitest";
import { type Event, PROTOCOL_VERSION } from "../../../sandbox/protocol.ts";
import type { Log } from "../../../src/session/log.ts";
import { runWorker, type WorkerRun } from "../../../src/session/worker.ts";
import { FakeEngine } from "./fake-engine.ts";

let fake: FakeEngine;
let events: Event[];
let logged: string[];
let cancel: AbortController;
let kill: AbortController;
let run: WorkerRun;

beforeEach(() => {
  fake = new FakeEngine();
  events = [];
  logged = [];
  cancel = new AbortController();
  kill = new AbortController();
  const log: Log = { path: "/logs/b1.log", write: (line) => void logged.push(line), close: async () => undefined };
  run = {
    image: "sha256:1",
    plan: {
      version: PROTOCOL_VERSION,
      kind: "clean",
      what: "work",
      project: "p1",
      images: [],
      scripts: [],
      buildDirectories: [],
    },
    build: "b1",
    sources: [{ name: "extra0", hostPath: "/home/u/mkosi.extra" }],
    outputDirectory: "/home/u/mkosi.output",
    dist: "/opt/caisson/dist",
    log,
    onEvent: (event) => void events.push(event),
    interrupts: { cancel: cancel.signal, kill: kill.signal },
  };
});

const step = { type: "step", id: "1", image: "main", title: "Unpack" };
const output = { type: "output", image: "main", file: "image.tar", size: 5 };
const failure = { type: "error", code: "disk-full", message: "No room", hint: "Make room", exitCode: 1 };

it("mounts what the plan names, and hands the plan over as a file", async () => {
  const done = runWorker(fake.engine, run);
  fake.exit(0);
  await done;
  expect(fake.started[0]).toMatchObject({
    image: "sha256:1",
    name: "caisson-b1",
    command: ["tini", "--", "node", "/caisson/dist/sandbox.mjs"],
    capable: true,
    network: "host",
    labels: { "caisson.build": "b1", "caisson.pid": String(process.pid) },
    mounts: [
      { kind: "bind", source: "/opt/caisson/dist", target: "/caisson/dist", readOnly: true },
      { kind: "volume", source: "caisson-store", target: "/store", readOnly: false },
      { kind: "bind", source: "/home/u/mkosi.output", target: "/caisson/output", readOnly: false },
      { kind: "bind", source: "/home/u/mkosi.extra", target: "/caisson/sources/extra0", readOnly: true },
    ],
    files: { "/caisson/plan.json": `${JSON.stringify(run.plan)}\n` },
  });
});

it("gives back the outputs, passes events on, and logs what is none", async () => {
  const done = runWorker(fake.engine, run);
  fake.say(step, output);
  fake.stdout.write('{"type":"unheard-of"}\nplain words\n');
  fake.stderr.write("a warning of the runtime");
  fake.exit(0);
  expect(await done).toEqual([output]);
  expect(events).toEqual([step, output]);
  expect(logged).toContain('{"type":"unheard-of"}');
  expect(logged).toContain("plain words");
  expect(logged).toContain("a warning of the runtime");
  expect(logged).toContain("--- 1: main: Unpack");
  expect(fake.removed).toEqual(["c1"]);
});

it("reads an event that comes in pieces, in the middle of a character too", async () => {
  const done = runWorker(fake.engine, run);
  const bytes = Buffer.from(`${JSON.stringify({ ...step, title: "Größe" })}\n`);
  const cut = bytes.indexOf(Buffer.from("ö")) + 1;
  fake.stdout.write(bytes.subarray(0, cut));
  await sleep(5);
  fake.stdout.write(bytes.subarray(cut));
  fake.exit(0);
  await done;
  expect(events).toEqual([{ ...step, title: "Größe" }]);
});

it("throws the worker's failure, and keeps its report to the caller", async () => {
  const done = runWorker(fake.engine, run);
  fake.say(step, failure);
  fake.exit(1);
  await expect(done).rejects.toMatchObject({
    code: "disk-full",
    message: "No room",
    hint: "Make room",
    exitCode: 1,
    log: "/logs/b1.log",
  });
  expect(events).toEqual([step]);
  expect(fake.removed).toEqual(["c1"]);
});

it("says that the container was killed", async () => {
  const done = runWorker(fake.engine, run);
  fake.say(step);
  fake.exit(137);
  await expect(done).rejects.toMatchObject({
    code: "worker-killed",
    message: "The build container was killed by signal 9",
    hint: "Out of memory, the engine stopped, or somebody removed the container; run the build again",
    exitCode: 1,
  });
});

it("shows the last words of a worker that gave no reason", async () => {
  const done = runWorker(fake.engine, run);
  fake.stderr.write("SyntaxError: x\n");
  fake.exit(7);
  await expect(done).rejects.toMatchObject({
    code: "worker-ended",
    message: "The build container ended with exit code 7 and gave no reason",
    failure: { tail: ["SyntaxError: x"] },
  });
});

it("asks the worker to stop on the first interrupt, and kills on the second", async () => {
  const done = runWorker(fake.engine, run);
  await sleep(1);
  cancel.abort();
  expect(String(fake.stdin.read())).toBe("cancel\n");
  expect(fake.kills).toEqual([]);
  kill.abort();
  await expect(done).rejects.toMatchObject({ code: "interrupted", exitCode: 130 });
  expect(fake.kills).toEqual(["SIGKILL"]);
  expect(fake.removed).toEqual(["c1"]);
});

it("stops a worker that was started after the interrupt", async () => {
  cancel.abort();
  const done = runWorker(fake.engine, run);
  await sleep(1);
  expect(String(fake.stdin.read())).toBe("cancel\n");
  fake.exit(130);
  await expect(done).rejects.toMatchObject({ code: "interrupted", message: "Interrupted" });
});

it("keeps what was finished in spite of an interrupt", async () => {
  const done = runWorker(fake.engine, run);
  await sleep(1);
  cancel.abort();
  fake.say(output);
  fake.exit(0);
  expect(await done).toEqual([output]);
});
