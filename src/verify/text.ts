import type { DiffReport } from "../diff/report.ts";
import { reportText } from "../diff/text.ts";
import type { Variation } from "./variations.ts";

export interface Verification {
  variations: Variation[];
  /** Of both builds, by name. */
  outputs: { file: string; size: string; same: boolean }[];
  report: DiffReport;
}

/** For people: what was other in the second build, then what became of each output, then where they differ. */
export function verificationText({ variations, outputs, report }: Verification): string {
  const width = Math.max(...variations.map(({ name }) => name.length));
  const lines = variations.map(({ name, first, second, reason }) => {
    return `  ${name.padEnd(width)}  ${second === undefined ? `${first}, in both: ${reason}` : `${first} -> ${second}`}`;
  });
  const files = outputs.map(({ file, size, same }) => `${same ? "the same " : "DIFFERENT"}  ${file} (${size})`);
  const end = report.total === 0 ? "" : `\n${reportText(report)}`;
  return ["Built twice, the second time with another", ...lines, "", ...files, ""].join("\n") + end;
}

/** As JSON. */
export function verificationData({ variations, outputs, report }: Verification): object {
  const { differences, total } = report;
  return { reproducible: total === 0, variations, outputs, total, differences };
}
