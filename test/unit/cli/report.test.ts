import { describe, expect, it } from "vitest";
import { errorReport, failureEvent } from "../../../src/cli/report.ts";
import { UserError } from "../../../src/errors.ts";
import { interrupted, WorkerFailure } from "../../../src/session/failure.ts";

const failed = new WorkerFailure(
  {
    type: "error",
    code: "tool-failed",
    message: "mkfs.ext4 ended with exit code 1",
    hint: "Make room",
    exitCode: 1,
    command: "mkfs.ext4 -q 'a b'",
    tail: ["mke2fs 1.47", "no space"],
  },
  "/logs/x.log",
);
const crash = new WorkerFailure(
  { type: "error", code: "bug", message: "x", exitCode: 1, tail: [], stack: "TypeError: x\n    at y" },
  "/logs/x.log",
);

describe("errorReport", () => {
  it("shows message and hint of a user's mistake", () => {
    const error = new UserError("no-engine", "No engine answers", { hint: "Install podman:\napt install podman" });
    expect(errorReport(error)).toBe("error: No engine answers\n  hint: Install podman:\n        apt install podman\n");
  });

  it("shows tail, command and log of a failed tool", () => {
    expect(errorReport(failed)).toBe(`error: mkfs.ext4 ended with exit code 1
  last lines:
    | mke2fs 1.47
    | no space
  command: mkfs.ext4 -q 'a b'
  hint: Make room
  whole log: /logs/x.log
`);
  });

  it("shows the stack of the worker's bug and asks for a report", () => {
    expect(errorReport(crash)).toBe(`error: this is a bug in Caisson, not in your configuration:
  TypeError: x
      at y
  Please report it, with these lines and the command that you ran.
  whole log: /logs/x.log
`);
  });

  it("shows the stack of a bug of its own", () => {
    const report = errorReport(new TypeError("oops"));
    expect(report).toContain("error: this is a bug in Caisson, not in your configuration:\n  TypeError: oops\n");
    expect(report).toContain("report.test.ts");
  });

  it("is short when interrupted", () => {
    expect(errorReport(interrupted(), { github: true })).toBe("Interrupted\n");
  });

  it("adds an annotation on GitHub", () => {
    expect(errorReport(new UserError("a", "100 %\nb"), { github: true })).toBe(
      "::error title=caisson a::100 %25%0Ab\nerror: 100 %\nb\n",
    );
  });

  it("adds the stack of a mistake with --debug", () => {
    const error = new UserError("a", "b");
    expect(errorReport(error)).not.toContain("report.test.ts");
    expect(errorReport(error, { debug: true })).toContain("report.test.ts");
  });
});

describe("failureEvent", () => {
  it("is the worker's own", () => expect(failureEvent(failed)).toBe(failed.failure));
  it("tells of a mistake", () => {
    expect(failureEvent(new UserError("a", "b", { hint: "c", exitCode: 2 }))).toEqual({
      type: "error",
      code: "a",
      message: "b",
      hint: "c",
      exitCode: 2,
      tail: [],
    });
  });
  it("tells of a bug", () => expect(failureEvent(new Error("x"))).toMatchObject({ code: "bug", exitCode: 1 }));
});
