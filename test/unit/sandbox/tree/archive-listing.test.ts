import { expect, test } from "vitest";
import { parseMember } from "../../../../sandbox/tree/archive-listing.ts";

test.each([
  ["drwxr-xr-x  0 0      0           0 Jan  1  1970 ./dev/", { name: "./dev", type: "d", mode: 0o755 }],
  [
    "crw-rw-rw-  0 0      5         1,3 Jan  1  1970 ./dev/null",
    { name: "./dev/null", type: "c", mode: 0o666, uid: 0, gid: 5, device: { major: 1, minor: 3 } },
  ],
  ["brw-rw----  0 7      6       8,300 Jan  1 12:00 sda", { name: "sda", type: "b", device: { major: 8, minor: 300 } }],
  ["-rwsr-sr-t  0 0      0          12 Dec 24  2025 a b", { name: "a b", type: "-", mode: 0o7755, uid: 0 }],
  ["-rwSr-Sr-T  0 0      0          12 Dec 24  2025 x", { mode: 0o7644 }],
  ["lrwxrwxrwx  0 0      0           0 Jan  1  1970 esc -> /etc", { name: "esc", type: "l" }],
  ["hrw-r--r--  0 0      0           0 Jan  1  1970 hl link to ../../x", { name: "hl", type: "h" }],
  ["-rw-r--r--  0 0      0           1 Jan  1  1970 new\\nline\\\\x", { name: "new\nline\\x" }],
  ["-rw-r--r--  0 0      0           1 Jan  1  1970 \\377ä", { name: "\xff\xc3\xa4" }],
])("%s", (line, expected) => {
  expect(parseMember(line)).toMatchObject(expected);
});

test("anything else is no line of bsdtar's", () => {
  expect(() => parseMember("nonsense")).toThrow("bsdtar printed the line nonsense");
});
