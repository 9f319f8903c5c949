import { defineConfig } from "vitest/config";

const MINUTE = 60_000;

/**
 * One project per tier; `test/tiers.mjs` says which of them a machine runs.
 * Tiers that start containers run one file at a time: they share the engine's store and two cores.
 */
export default defineConfig({
  // Beside nothing that is not ours to write: the checkout may belong to somebody else.
  cacheDir: "node_modules/.cache/vite",
  test: {
    reporters: ["default", "./test/reporter.ts"],
    // A typed filter that matches no file is a mistake, not a success.
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          // Under load, one that starts processes takes its time.
          testTimeout: 30_000,
          // Loading everything anew for each of 130 files took longer than all tests together.
          isolate: false,
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/contract/**/*.test.ts", "test/integration/**/*.test.ts"],
          testTimeout: 10 * MINUTE,
          hookTimeout: 15 * MINUTE,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "reference",
          include: ["test/parity/**/*.test.ts"],
          testTimeout: 6 * MINUTE,
          hookTimeout: 15 * MINUTE,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "boot",
          include: ["test/boot/**/*.test.ts"],
          testTimeout: 15 * MINUTE,
          hookTimeout: 15 * MINUTE,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
