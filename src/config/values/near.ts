import { nearest } from "../../cli/suggest.ts";

/** The end of a message: `; did you mean yes?`, or nothing where no word is near. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const guess = nearest(text, candidates);
  return guess === undefined ? "" : `; did you mean ${guess}?`;
}
