import { expect, test } from "vitest";
import { checkDefinitions } from "../../../../sandbox/partitions/check.ts";

const check = (text: string) => checkDefinitions("main", [{ name: "10-root.conf", text, settings: [] }]);

test("what systemd.syntax(7) knows passes", () => {
  check("# comment\n\n; another\n [Partition]\nType = root\nLabel=a \\\n# between\n  b\n[X-Other]\nMore=\n");
  check("");
});

test.each([
  ["[Partition]\n\nType root\n", 'main: 10-root.conf:3: "Type root" is no assignment'],
  ["[Partition]\nLabel=a \\\n b\n=root\n", 'main: 10-root.conf:4: "=root" is no assignment'],
  ["Type=root\n", 'main: 10-root.conf:1: "Type=root" stands before any section'],
  ["[Partition\nType=root\n", 'main: 10-root.conf:1: "[Partition" has no ] at its end'],
])("%j", (text, message) => {
  expect(() => check(text)).toThrow(expect.objectContaining({ code: "bad-partitions", message }));
});
