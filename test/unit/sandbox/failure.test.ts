import { expect, test } from "vitest";
import { BuildError, ToolError } from "../../../sandbox/errors.ts";
import { failureEvent } from "../../../sandbox/failure.ts";

test("a user's error, with what mends it", () => {
  const error = new BuildError("package-not-found", "no package is called 'bsah'", {
    hint: "Look for a misspelling.",
    exitCode: 2,
    command: "apt-get install bsah",
    tail: ["E: no such package"],
  });
  expect(failureEvent(error, false)).toEqual({
    type: "error",
    code: "package-not-found",
    message: "no package is called 'bsah'",
    hint: "Look for a misspelling.",
    exitCode: 2,
    command: "apt-get install bsah",
    tail: ["E: no such package"],
  });
});

test("a tool that failed, with a command to replay and the end of what it said", () => {
  const output = Array.from({ length: 30 }, (_, line) => `line ${line}`);
  const error = new ToolError(["mkfs.ext4", "-L", "my root"], 1, "ended with exit code 1", output);
  expect(failureEvent(error, false)).toEqual({
    type: "error",
    code: "tool-failed",
    message: "mkfs.ext4 ended with exit code 1",
    exitCode: 1,
    command: "mkfs.ext4 -L 'my root'",
    tail: output.slice(10),
  });
});

test("a bug, with its stack", () => {
  const error = new TypeError("x is not a function");
  expect(failureEvent(error, false)).toEqual({
    type: "error",
    code: "bug",
    message: "x is not a function",
    exitCode: 1,
    tail: [],
    stack: error.stack,
  });
});

test("a bug that is no error", () => {
  expect(failureEvent("thrown", false)).toMatchObject({ code: "bug", message: "thrown" });
});

const FULL = {
  type: "error",
  code: "disk-full",
  message: "no space is left on the disk of the engine's storage or of the output directory",
  exitCode: 1,
  hint: "`caisson clean -f` removes cached layers, `caisson tools prune` old tools images.",
  tail: [],
};

test("a full disk, as the kernel says it", () => {
  const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  expect(failureEvent(error, false)).toEqual(FULL);
});

test("a full disk, as a tool says it", () => {
  const output = ["tar: x: Cannot write: No space left on device", "tar: Error is not recoverable"];
  const error = new ToolError(["tar", "--create"], 2, "ended with exit code 2", output);
  expect(failureEvent(error, false)).toEqual({ ...FULL, command: "tar --create", tail: output });
});

test.each([new BuildError("tool-failed", "x"), new Error("x"), Object.assign(new Error("x"), { code: "ENOSPC" })])(
  "whatever a cancelled build ended with: %s",
  (error) => {
    expect(failureEvent(error, true)).toEqual({
      type: "error",
      code: "interrupted",
      message: "the build was cancelled",
      exitCode: 130,
      tail: [],
    });
  },
);
