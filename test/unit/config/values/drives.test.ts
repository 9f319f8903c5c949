import { describe } from "vitest";
import { driveList } from "../../../../src/config/values/drives.ts";
import { adds, reads, refuses, writes } from "./context.ts";

const tree = { "/conf/dir/x": "" };
const a = { id: "a", size: 4096, fileId: "a", flags: [] };

describe("drives", () => {
  reads(
    driveList,
    [
      ["a:1 b:1G:dir", [a, { id: "b", size: 1073741824, directory: "/conf/dir", fileId: "b", flags: [] }]],
      ["a:1::o=1,b:f:persist", [{ ...a, options: "o=1,b", fileId: "f", flags: ["persist"] }]],
      ["a:1::o::persist,persist", [{ ...a, options: "o", flags: ["persist", "persist"] }]],
      ["", undefined],
    ],
    tree,
  );
  adds(driveList, [[[{ ...a, id: "o" }], "a:1", [{ ...a, id: "o" }, a]]]);
  refuses(driveList, [
    ["a", "invalid-value", "S=a: expected ID:SIZE[:DIRECTORY[:OPTIONS[:FILE-ID[:FLAGS]]]]"],
    ["a:1:::::", "invalid-value", "S=a:1:::::: expected ID:SIZE[:DIRECTORY[:OPTIONS[:FILE-ID[:FLAGS]]]]"],
    ["a/b:1", "invalid-value", "S=a/b:1: expected an ID that could be a file name"],
    ["a:x", "invalid-value", "S=a:x: expected a size such as 512M, 2G or a number of bytes"],
    ["a:1:none", "file-not-found", "S= names 'none', but /conf/none does not exist"],
    ["a:1::::persits", "unknown-drive-flag", "S=persits: expected persist; did you mean persist?"],
  ]);
  writes(driveList, [
    [[a], [{ Id: "a", Size: 4096, Directory: null, Options: null, FileId: "a", Flags: [] }]],
    [
      [{ ...a, directory: "/d", options: "o", flags: ["persist"] }],
      [{ Id: "a", Size: 4096, Directory: "/d", Options: "o", FileId: "a", Flags: ["persist"] }],
    ],
  ]);
});
