import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Event } from "../../../../sandbox/protocol.ts";
import { chooseRenderer } from "../../../../src/cli/progress/choose.ts";
import { githubRenderer } from "../../../../src/cli/progress/github.ts";
import { liveRenderer } from "../../../../src/cli/progress/live.ts";
import { plainRenderer } from "../../../../src/cli/progress/plain.ts";
import type { Renderer, RendererOptions } from "../../../../src/cli/progress/renderer.ts";

const step: Event = { type: "step", id: "1", image: "main", title: "Unpack" };
const other: Event = { type: "step", id: "2", image: "main", title: "Fetch" };
const progress: Event = { type: "progress", id: "1", current: 1024, total: 4096, unit: "bytes" };
const log: Event = { type: "log", id: "1", line: "::set-env name=A::b" };
const end: Event = { type: "step-end", id: "1", result: "done", seconds: 2 };
const warning: Event = { type: "notice", level: "warning", message: "No KVM" };
const output: Event = { type: "output", image: "main", file: "image.tar", size: 2048 };
const layer: Event = { type: "layer", image: "main", layer: "base", key: "abcdef", cached: true, changed: [] };

let clock = 0;
let written: string[] = [];
const options: RendererOptions = {
  write: (text) => written.push(text),
  now: () => clock,
  columns: () => 60,
  color: false,
  explain: false,
  debug: false,
};

beforeEach(() => {
  clock = 0;
  written = [];
});

function play(renderer: Renderer, ...events: Event[]): string {
  for (const event of events) renderer.event(event);
  renderer.end();
  return written.join("");
}

describe("plain", () => {
  it("has a line for each thing", () => {
    expect(play(plainRenderer(options), step, progress, log, end, warning, layer, output)).toBe(
      "main: Unpack\nmain: Unpack: done in 2.0 s\nwarning: No KVM\nmain: wrote image.tar (2.0 KiB)\n",
    );
  });

  it("shows tools' output with debug and layers with explain", () => {
    expect(play(plainRenderer({ ...options, debug: true, explain: true }), step, log, layer)).toBe(
      "main: Unpack\n  ::set-env name=A::b\nmain: layer base reused (abcdef)\n",
    );
  });

  it("tells of progress every ten seconds", () => {
    const renderer = plainRenderer(options);
    renderer.event(step);
    renderer.event(progress);
    clock = 10_000;
    renderer.event(progress);
    renderer.event(progress);
    expect(written.join("")).toBe("main: Unpack\nmain: Unpack: 1.0 KiB of 4.0 KiB\n");
  });
});

describe("GitHub Actions", () => {
  it("folds a step, and lets no tool speak to the runner", () => {
    expect(play(githubRenderer(options), step, log, end, warning, output)).toBe(
      "::group::main: Unpack\n\u200b::set-env name=A::b\n::endgroup::\nmain: Unpack: done in 2.0 s\n" +
        "::warning::No KVM\nmain: wrote image.tar (2.0 KiB)\n",
    );
  });

  it("does not nest groups, and leaves none open", () => {
    expect(play(githubRenderer(options), step, other)).toBe(
      "::group::main: Unpack\n::endgroup::\n::group::main: Fetch\n::endgroup::\n",
    );
  });
});

describe("live", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("redraws in place and leaves only what is done", () => {
    const renderer = liveRenderer(options);
    renderer.event(step);
    renderer.event(progress);
    clock = 1500;
    vi.advanceTimersByTime(100);
    renderer.event(end);
    renderer.end();
    expect(written).toEqual([
      "\r• main: Unpack 0.0 s\x1b[K\n\x1b[J",
      "\r\x1b[1A• main: Unpack 1.5 s ██████░░░░░░░░░░░░░░░░░░ 1.0 KiB of 4…\x1b[K\n\x1b[J",
      "\r\x1b[1A✓ main: Unpack 2.0 s\x1b[K\n\x1b[J",
    ]);
  });

  it("takes off what still runs at the end, and draws no more", () => {
    const renderer = liveRenderer(options);
    renderer.event(step);
    renderer.end();
    renderer.event(other);
    vi.advanceTimersByTime(1000);
    expect(written.at(-1)).toBe("\r\x1b[1A\x1b[J");
  });

  it("counts steps beyond eight", () => {
    const renderer = liveRenderer(options);
    for (let id = 1; id <= 10; id++) renderer.event({ ...step, id: String(id) });
    renderer.end();
    expect(written.at(-2)).toContain("  and 2 more\x1b[K\n");
  });

  it("colours where asked to", () => {
    expect(play(liveRenderer({ ...options, color: true }), warning)).toContain("\x1b[33mwarning:\x1b[0m No KVM");
  });
});

describe("chooseRenderer", () => {
  const choice = { json: false, explain: false, debug: false };
  const streams = (tty: boolean) => {
    const to = { stdout: "", stderr: "" };
    return {
      to,
      stdout: { write: (text: string) => (to.stdout += text) },
      stderr: { isTTY: tty, columns: 80, write: (text: string) => (to.stderr += text) },
    };
  };

  it("writes events as they are with --json, to standard output", () => {
    const io = streams(true);
    play(chooseRenderer({ ...choice, json: true }, io, { GITHUB_ACTIONS: "true" }), step, end);
    expect(io.to).toEqual({ stdout: `${JSON.stringify(step)}\n${JSON.stringify(end)}\n`, stderr: "" });
  });

  it.each([
    ["live on a terminal", true, {}, choice, "\r• main: Unpack"],
    ["plain on a dumb terminal", true, { TERM: "dumb" }, choice, "main: Unpack"],
    ["plain for debugging", true, {}, { ...choice, debug: true }, "main: Unpack"],
    ["plain in a pipe", false, {}, choice, "main: Unpack"],
    ["groups on GitHub", false, { GITHUB_ACTIONS: "true" }, choice, "::group::main: Unpack"],
  ])("%s", (_, tty, environment, options, expected) => {
    const io = streams(tty);
    play(chooseRenderer(options, io, environment), step);
    expect(io.to.stdout).toBe("");
    expect(io.to.stderr.startsWith(expected)).toBe(true);
  });
});
