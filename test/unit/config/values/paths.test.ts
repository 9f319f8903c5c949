import { describe, expect, test } from "vitest";
import { buildSources, path, pathList, scripts, treeList, trees } from "../../../../src/config/values/paths.ts";
import { adds, contextWith, matches, reads, refuses, writes } from "./context.ts";

const tree = { "/conf/a": "", "/conf/dir/x": "", "/conf/secret": { mode: 0o604 }, "/conf/own": { mode: 0o640 } };
const braced = "$".concat("{A}b");

describe("path", () => {
  reads(path(), [
    ["x", "/conf/x"],
    ["../x", "/x"],
    ["~", "/home/u"],
    ["~/x", "/home/u/x"],
    ["$A/x", "/a/x"],
    [braced, "/ab"],
    ["$GONE/x", "/conf/$GONE/x"],
    ["$constructor", "/conf/$constructor"],
    ["link/x", "/target/x"],
    ["", undefined],
  ]);
  refuses(path(), [["~x/y", "invalid-value", "S=~x/y: the home of x is not known; write it in full"]]);
  refuses(path({ absolute: true }), [["x", "invalid-value", "S=x: expected an absolute path"]]);
});

describe("path that must exist", () => {
  const tools = path({ required: true, constants: ["default", "no"] });
  reads(
    tools,
    [
      ["a", "/conf/a"],
      ["default", "default"],
    ],
    tree,
  );
  refuses(
    tools,
    [
      ["missing", "file-not-found", "S= names 'missing', but /conf/missing does not exist"],
      ["defalt", "file-not-found", "S= names 'defalt', but /conf/defalt does not exist; did you mean default?"],
    ],
    tree,
  );
  refuses(
    path({ required: true, directory: true }),
    [["a", "not-a-directory", "S= names 'a', but /conf/a is not a folder"]],
    tree,
  );
});

describe("secret path", () => {
  reads(
    path({ secret: true }),
    [
      ["own", "/conf/own"],
      ["none", "/conf/none"],
    ],
    tree,
  );
  refuses(
    path({ secret: true }),
    [["secret", "secret-readable", "S= names /conf/secret, which is secret, but its mode 0604 gives everyone access"]],
    tree,
  );
});

describe("list of paths", () => {
  reads(pathList({ constants: ["default"] }), [["default /x", ["default", "/x"]]]);
  reads(pathList({ exclude: ["/usr"] }), [["/usrx", ["/usrx"]]]);
  refuses(pathList({ exclude: ["/usr"] }), [
    ["/usr/x", "invalid-value", "S=/usr/x: expected a path outside of /usr"],
    ["/usr", "invalid-value", "S=/usr: expected a path outside of /usr"],
  ]);
});

describe("scripts", () => {
  const files = { "/conf/s/b": "", "/conf/s/a": "", "/conf/c": "" };
  reads(
    scripts,
    [
      ["c s/*", ["/conf/c", "/conf/s/a", "/conf/s/b"]],
      ["", undefined],
    ],
    files,
  );
  adds(scripts, [[["/x"], "c", ["/x", "/conf/c"]]], files);
  test("a pattern that finds nothing is a warning", () => {
    const context = contextWith(files);
    expect(scripts.parse("s/*.sh c", undefined, context)).toEqual(["/conf/c"]);
    expect(context.warnings).toEqual(["no-match: S= names 's/*.sh', which finds no file"]);
  });
});

describe("trees", () => {
  reads(
    treeList,
    [
      ["a dir:/c//./d/..", [{ source: "/conf/a" }, { source: "/conf/dir", target: "/c/d/.." }]],
      ["a:$A/x:y", [{ source: "/conf/a", target: "/a/x:y" }]],
      ["", undefined],
    ],
    tree,
  );
  refuses(
    treeList,
    [
      ["missing:/x", "file-not-found", "S= names 'missing', but /conf/missing does not exist"],
      ["a:b", "invalid-value", "S=a:b: expected an absolute path after the colon"],
      ["a:", "invalid-value", "S=a:: expected an absolute path after the colon"],
    ],
    tree,
  );
  reads(trees(), [["missing:./b/", [{ source: "/conf/missing", target: "b" }]]]);
  writes(treeList, [
    [
      [{ source: "/a" }, { source: "/b", target: "/c" }],
      [
        { Source: "/a", Target: null },
        { Source: "/b", Target: "/c" },
      ],
    ],
  ]);
});

describe("sources of a build", () => {
  reads(
    buildSources,
    [
      ["dir:x/", [{ source: "/conf/dir", target: "x" }]],
      ["dir:", [{ source: "/conf/dir", target: "." }]],
    ],
    tree,
  );
  refuses(buildSources, [["a:x", "not-a-directory", "S= names 'a', but /conf/a is not a folder"]], tree);
  matches(buildSources, [
    ["x", [{ source: "/s", target: "x" }], true],
    ["/x/", [{ source: "/s", target: "x" }], true],
    ["/", [{ source: "/s", target: "." }], true],
    ["/", [{ source: "/s" }], false],
  ]);
});
