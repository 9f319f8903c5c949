import { BuildError } from "../errors.ts";

/** Content that says what it is, and then does not hold together. */
export class Damaged extends BuildError {
  /** `what`: `ext4 file system`. */
  constructor(what: string, cause?: unknown) {
    super("content-damaged", `the ${what} is damaged`, { cause });
  }
}

/** Reads structures that name places: a place outside of what there is, is damage, not a mistake of the reader. */
export function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new Damaged(what, error) : error;
  }
}
