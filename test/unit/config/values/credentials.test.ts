import { describe, expect, test } from "vitest";
import { credentialList } from "../../../../src/config/values/credentials.ts";
import { adds, contextWith, reads, refuses, writes } from "./context.ts";

const tree = { "/conf/one": "", "/conf/c/b": "", "/conf/c/a": "", "/conf/c/sub/x": "", "/conf/e/sub/x": "" };

describe("credentials", () => {
  reads(
    credentialList,
    [
      [
        'a=1 "b = x y" c',
        [
          { name: "a", value: "1" },
          { name: "b", value: "x y" },
          { name: "c", value: "" },
        ],
      ],
      ["one", [{ name: "one", path: "/conf/one" }]],
      ["c/../one", [{ name: "one", path: "/conf/c/../one" }]],
      [
        "c",
        [
          { name: "a", path: "/conf/c/a" },
          { name: "b", path: "/conf/c/b" },
        ],
      ],
      ["", undefined],
    ],
    { ...tree, "/conf/c/../one": "" },
  );
  adds(
    credentialList,
    [
      [
        [{ name: "o", value: "1" }],
        "/conf/one",
        [
          { name: "o", value: "1" },
          { name: "one", path: "/conf/one" },
        ],
      ],
      [
        [{ name: "o", value: "1" }],
        "a=2",
        [
          { name: "o", value: "1" },
          { name: "a", value: "2" },
        ],
      ],
      [[{ name: "o", value: "1" }], "", undefined],
    ],
    tree,
  );
  refuses(credentialList, [
    ["none", "file-not-found", "S= names 'none', but /conf/none does not exist"],
    ["=x", "invalid-value", "S==x: expected NAME=VALUE"],
  ]);
  writes(credentialList, [
    [[{ name: "a", value: "" }], [{ Name: "a", Value: "", Path: null }]],
    [[{ name: "a", path: "/a" }], [{ Name: "a", Value: null, Path: "/a" }]],
  ]);
  test("a folder without files is a warning", () => {
    const context = contextWith(tree);
    expect(credentialList.parse("e", undefined, context)).toEqual([]);
    expect(context.warnings).toEqual(["no-match: S= names 'e', a folder without files"]);
  });
});
