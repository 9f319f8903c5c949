import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PROTOCOL_VERSION } from "../../../sandbox/protocol.ts";
import { diff, diffPlan } from "../../../src/verbs/diff.ts";
import { verbContext } from "./context.ts";

const usage = (code: string, message: string) => expect.objectContaining({ code, message, exitCode: 2 });

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "caisson-diff-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  writeFileSync(join(path, "a"), "");
  return path;
}

test.each([
  [["a"], "diff takes two files or folders, but was given 1 argument"],
  [[], "diff takes two files or folders, but was given 0 arguments"],
  [["a", "a", "a"], "diff takes two files or folders, but was given 3 arguments"],
])("%j", async (words, message) => {
  await expect(diff(verbContext("-C", folder(), "diff", ...words))).rejects.toEqual(
    usage("unexpected-argument", message),
  );
});

test("a file that is not there", async () => {
  const message = "b cannot be compared: ENOENT: no such file or directory";
  await expect(diff(verbContext("-C", folder(), "diff", "a", "b"))).rejects.toEqual(usage("not-found", message));
});

test("what is neither a file nor a folder", async () => {
  const message = "/dev/null is neither a file nor a folder";
  await expect(diff(verbContext("diff", "/dev/null", "/dev/null"))).rejects.toEqual(usage("not-comparable", message));
});

test("the plan names no path of the host", () => {
  const { plan, mounts } = diffPlan(
    [
      { a: "/one", b: "/two" },
      { name: "x.raw", a: "/three", b: "/four" },
    ],
    "b1",
  );
  expect(plan).toEqual({
    version: PROTOCOL_VERSION,
    kind: "diff",
    build: "b1",
    pairs: [
      { a: { source: "a-1" }, b: { source: "b-1" } },
      { name: "x.raw", a: { source: "a-2" }, b: { source: "b-2" } },
    ],
  });
  expect(mounts).toEqual([
    { name: "a-1", hostPath: "/one" },
    { name: "b-1", hostPath: "/two" },
    { name: "a-2", hostPath: "/three" },
    { name: "b-2", hostPath: "/four" },
  ]);
});
