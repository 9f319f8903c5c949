import { expect, test } from "vitest";
import { readAr } from "../../../src/tools/ar.ts";

function member(name: string, content: string): string {
  const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}`;
  return `${header}${String(content.length).padEnd(10)}\`\n${content}${content.length % 2 ? "\n" : ""}`;
}

test("reads members, those of odd length as well", () => {
  const archive = Buffer.from(
    `!<arch>\n${member("debian-binary", "2.0\n")}${member("a/", "odd")}${member("b", "even")}`,
  );
  const members = [...readAr(archive)].map(([name, content]) => [name, content.toString()]);
  expect(members).toEqual([
    ["debian-binary", "2.0\n"],
    ["a", "odd"],
    ["b", "even"],
  ]);
});

test.each([
  ["something else", "!<arch\n", "not an ar archive"],
  ["a truncated member", `!<arch>\n${member("a", "four")}`.slice(0, -1), "ar archive is damaged at byte 8"],
  ["a damaged header", `!<arch>\n${member("a", "four").replace("`", "x")}`, "ar archive is damaged at byte 8"],
])("refuses %s", (_title, text, message) => {
  expect(() => readAr(Buffer.from(text))).toThrow(new Error(message));
});
