import { appendFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Lines of an error that the end of a run repeats: what happened, and how a guest's console or a log ended. */
const firstLines = 10;
const lastLines = 30;

/**
 * Prints why tests were skipped, and adds what happened to the file that `CAISSON_TALLY` names, as one line of JSON:
 * `{ passed, failures: [{ test, reason }], skipped: [{ test, reason }] }`. `test/tiers.mjs` adds the lines of a run up.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === "skipped").map(skipOf);
    for (const { test, reason } of skipped) console.log(`skipped: ${test}: ${reason}`);
    const tally = process.env.CAISSON_TALLY;
    if (tally === undefined) return;
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const failed = tests.filter((test) => test.result().state === "failed");
    // A file that cannot be loaded, or a hook that throws outside of a test, has no failed test of its own.
    const broken = modules.filter((module) => module.errors().length > 0);
    const failures = [
      ...failed.map((test) => ({
        test: `${test.module.relativeModuleId} > ${test.fullName}`,
        reason: reasonOf(test.result().errors),
      })),
      ...broken.map((module) => ({ test: module.relativeModuleId, reason: reasonOf(module.errors()) })),
      ...errors.map((error) => ({ test: "outside of any test", reason: reasonOf([error]) })),
    ];
    appendFileSync(tally, `${JSON.stringify({ passed, failures, skipped })}\n`);
  }
}

function reasonOf(errors: readonly unknown[] | undefined): string {
  const texts = (errors ?? []).map((error) => {
    const { message, diff, stack } = error as { message?: string; diff?: string; stack?: string };
    const place = stack?.split("\n").find((line) => line.includes("/test/"));
    return [message ?? String(error), diff, place?.trim()].filter((part) => part !== undefined).join("\n");
  });
  const lines = stripVTControlCharacters(texts.join("\n")).split("\n");
  if (lines.length <= firstLines + lastLines) return lines.join("\n");
  return [...lines.slice(0, firstLines), "[...]", ...lines.slice(-lastLines)].join("\n");
}

function skipOf(test: TestCase): { test: string; reason: string } {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  return { test: test.fullName, reason: note ?? "its suite was skipped or has failed" };
}
