import type { Expectation } from "./fixtures.mjs";

export function differences(expected: Expectation, actual: Expectation): string[];
