import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIni } from "../../../src/config/format.ts";
import { type IniSection, parseIni } from "../../../src/config/ini.ts";
import { machineFiles } from "../../../src/config/machine.ts";
import { matches } from "../../../src/config/match.ts";
import { Namespace } from "../../../src/config/namespace.ts";
import type { Problem } from "../../../src/config/problems.ts";
import { compareVersions } from "../../../src/config/values/version.ts";
import { UserError } from "../../../src/errors.ts";

const piece = fc.constantFrom(
  ..."\n\n\n  \t=#;[],'\"\\\r\v\x85\u2028\xa0\uFEFF\0ab",
  "[Content]\n",
  "[Match]\n",
  "Packages=",
  "Hostname=",
  "Environment=",
  "\n        item",
);
/** Text that is made of what means something to the reader. */
const anyText = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary" }),
);

const word = fc.stringMatching(/^[a-z0-9/.=,-]{1,30}$/);
const blank = fc.constantFrom("", " ", "\t", "   ");
const comment = fc.constantFrom("", "", "#c", "  # c d ");
const filler = fc
  .array(fc.constantFrom("\n", "# c\n", "  # c\n", "; c\n"), { maxLength: 2 })
  .map((lines) => lines.join(""));
const key = fc.constantFrom("Packages", "KernelCommandLine", "Environment", "Hostname", "@Format", "Future");
const items = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
const folded = fc
  .tuple(filler, fc.constantFrom(" ", "\t", "        "), items, comment)
  .map((parts) => `${parts.join("")}\n`);
const assignment = fc
  .tuple(key, blank, blank, items, comment, fc.array(folded, { maxLength: 3 }), filler)
  .map(([name, a, b, value, end, lines, after]) => `${name}${a}=${b}${value}${end}\n${lines.join("")}${after}`);
const section = fc
  .tuple(fc.constantFrom("Content", "Match", "Build", "X-Other"), fc.array(assignment, { maxLength: 4 }))
  .map(([name, lines]) => `[${name}]\n${lines.join("")}`);
/** A configuration file without mistakes of syntax. */
const validText = fc.tuple(filler, fc.array(section, { maxLength: 4 })).map(([start, parts]) => start + parts.join(""));

const lists = ["Packages", "KernelCommandLine", "Environment"];

/** Sections, keys, and values: those of lists by their items, all others letter for letter. */
function meaning(sections: readonly IniSection[]): unknown {
  return sections.map(({ name, assignments }) => [
    name,
    assignments.map(({ key, value }) => {
      const isList = lists.includes(key) && (name === "Content" || name === "Build");
      return [key, isList ? value.split(/[ \n]+/).filter((item) => item !== "") : value];
    }),
  ]);
}

function readAll(text: string): { sections: IniSection[]; problems: Problem[] } {
  const problems: Problem[] = [];
  return { sections: parseIni(text, "f", (problem) => problems.push(problem)), problems };
}

describe("the reader", () => {
  test("reads any text, or throws the first of the problems that it reports", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { sections, problems } = readAll(text);
        const [first] = problems;
        if (first === undefined) {
          expect(parseIni(text, "f")).toEqual(sections);
          return;
        }
        const message = `${first.where}: ${first.message}`;
        expect(() => parseIni(text, "f")).toThrow(expect.objectContaining({ message }));
        expect(() => parseIni(text, "f")).toThrow(UserError);
      }),
    );
  });

  test("says where sections, keys, values and mistakes stand", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
        const at = ({ line, column, length }: { line: number; column: number; length: number }) =>
          (lines[line - 1] ?? "").slice(column - 1, column - 1 + length);
        const { sections, problems } = readAll(text);
        for (const found of sections) {
          expect(at(found)).toMatch(/^\[.*\]$/);
          expect(at(found)).toContain(found.name);
          for (const { parts, value, ...place } of found.assignments) {
            expect(at(place)).toBe(place.key);
            expect(parts.map((part) => at({ ...part, length: part.text.length }))).toEqual(
              parts.map((part) => part.text),
            );
            expect(parts.map((part) => part.text).join("\n")).toBe(value);
          }
        }
        for (const { place, message } of problems) {
          expect(place === undefined ? "" : message).toContain(place === undefined ? "?" : at(place).slice(0, 60));
        }
      }),
    );
  });

  test("finds every broken line, and all that is right between them", () => {
    const broken = fc.constantFrom("word", "= v", "two words # c");
    fc.assert(
      fc.property(fc.array(fc.tuple(section, broken), { minLength: 1, maxLength: 5 }), (parts) => {
        const { sections, problems } = readAll(parts.map(([text, line]) => `${text}${line}\n`).join(""));
        expect(problems).toHaveLength(parts.length);
        expect(meaning(sections)).toEqual(meaning(parseIni(parts.map(([text]) => text).join(""), "f")));
      }),
    );
  });
});

describe("the layout", () => {
  test("means the same as the text", () => {
    fc.assert(
      fc.property(validText, (text) => {
        expect(meaning(parseIni(formatIni(text), "f"))).toEqual(meaning(parseIni(text, "f")));
      }),
      { numRuns: 300 },
    );
  });

  test("is its own layout, without trailing blanks and double blank lines", () => {
    fc.assert(
      fc.property(validText, (text) => {
        const layout = formatIni(text);
        expect(formatIni(layout)).toBe(layout);
        expect(layout).not.toMatch(/[ \t]\n|\n\n\n|^\n|\n\n$|[^\n]$/);
      }),
      { numRuns: 300 },
    );
  });

  test("keeps every comment", () => {
    const comments = (text: string) => text.match(/#.*/g)?.map((found) => found.trimEnd()) ?? [];
    fc.assert(
      fc.property(validText, (text) => {
        expect(comments(formatIni(text))).toEqual(comments(text));
      }),
    );
  });
});

/** Whether the conditions hold in the image `a`, where the folder has the files `a` and `b`. */
function holds(text: string): boolean {
  const values = new Namespace({
    image: "a",
    workingDirectory: "/",
    host: { distribution: undefined, release: undefined, architecture: "x86-64" },
    distributionAt: () => undefined,
    environment: {},
    exists: () => false,
  });
  const files = { ...machineFiles, exists: (path: string) => path === "/a" || path === "/b" };
  const context = { directory: "/", environment: {}, files, warn: () => undefined };
  return matches(parseIni(text, "f"), {
    values,
    contextOf: ({ key, line }) => ({ ...context, setting: key, place: `f:${line}` }),
    expand: ({ value }) => value,
  }).holds;
}

describe("the matchers", () => {
  const condition = fc
    .tuple(fc.constantFrom("Image", "PathExists", "HostArchitecture"), fc.constantFrom("a", "b", "c", "x86-64"))
    .map(([name, value]) => ({ name, value }));
  const conditions = fc.array(condition, { minLength: 1, maxLength: 4 });
  const write = (bar: string, { name, value }: { name: string; value: string }) => `${name}=${bar}${value}\n`;
  const match = (lines: readonly string[]) => `[Match]\n${lines.join("")}`;
  const alone = (one: { name: string; value: string }) => holds(match([write("", one)]));

  test("never agree on a condition and its negation", () => {
    fc.assert(
      fc.property(condition, (one) => {
        expect(holds(match([write("!", one)]))).toBe(!alone(one));
        expect(holds(match([write("", one), write("!", one)]))).toBe(false);
        expect(holds(match([write("|", one), write("|!", one)]))).toBe(true);
      }),
    );
  });

  test("ask for all plain conditions, and for one of the alternatives", () => {
    fc.assert(
      fc.property(conditions, conditions, (plain, any) => {
        const all = plain.every(alone);
        expect(holds(match(plain.map((one) => write("", one))))).toBe(all);
        expect(holds(match(any.map((one) => write("|", one))))).toBe(any.some(alone));
        const both = match([...any.map((one) => write("|", one)), ...plain.map((one) => write("", one))]);
        expect(holds(both)).toBe(all && any.some(alone));
      }),
    );
  });

  test("do not mind the order of sections", () => {
    const kind = fc.constantFrom("Match", "TriggerMatch", "Content");
    const part = fc
      .tuple(kind, conditions)
      .map(([name, found]) => `[${name}]\n${found.map((one) => write("", one)).join("")}`);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        expect(holds([...parts].reverse().join(""))).toBe(holds(parts.join("")));
      }),
    );
  });
});

describe("versions", () => {
  const version = fc.stringMatching(/^[0-9a-c.~^+-]{0,8}$/);

  test("are older, newer or alike, whichever comes first", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compareVersions(a, a)).toBe(0);
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test("that are numbers with dots have one order", () => {
    const dotted = fc
      .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("."));
    fc.assert(
      fc.property(dotted, dotted, dotted, (a, b, c) => {
        const [x, y, z] = [a, b, c].sort(compareVersions) as [string, string, string];
        expect(compareVersions(x, y)).toBeLessThanOrEqual(0);
        expect(compareVersions(y, z)).toBeLessThanOrEqual(0);
        expect(compareVersions(x, z)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});
