/** A summary, or `error` where the configuration is refused. */
export interface Expectation {
  error?: boolean;
  Tools: Record<string, unknown> | null;
  Images: Record<string, unknown>[];
}

export interface Case {
  about: string;
  arguments: string[];
  environment: Record<string, string>;
}

export interface PreparedTree {
  tree: string;
  /** The temporary folder that holds it. */
  above: string;
  remove(): Promise<void>;
}

export interface Where {
  tree: string;
  above: string;
  isBuiltIn: (path: string) => boolean;
  given: string;
}

export const fixturesFolder: string;
export function fixtureNames(): string[];
export function readCase(name: string): Case;
export function prepareTree(name: string): PreparedTree;
export function readExpectation(name: string): Expectation;
export function normalise(summary: { Tools: unknown; Images: readonly unknown[] }, where: Where): Expectation;
export function textOf(folder: string): string;
