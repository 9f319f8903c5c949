import { appendFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Prints why tests were skipped, and adds what happened to the file that `CAISSON_TALLY` names, as one line of JSON:
 * `{ passed, failed, skipped: [{ test, reason }] }`. `test/tiers.mjs` adds the lines of a run up.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === "skipped").map(skipOf);
    for (const { test, reason } of skipped) console.log(`skipped: ${test}: ${reason}`);
    const tally = process.env.CAISSON_TALLY;
    if (tally === undefined) return;
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const failed = tests.filter((test) => test.result().state === "failed").length;
    // A file that cannot be loaded, or a hook that throws outside of a test, has no failed test of its own.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    appendFileSync(tally, `${JSON.stringify({ passed, failed: failed + broken, skipped })}\n`);
  }
}

function skipOf(test: TestCase): { test: string; reason: string } {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  return { test: test.fullName, reason: note ?? "its suite was skipped or has failed" };
}
