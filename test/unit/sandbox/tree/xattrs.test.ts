import { expect, test } from "vitest";
import { parseXattrs, withoutNamespace } from "../../../../sandbox/tree/xattrs.ts";

const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");

test("what getfattr prints: escaped names, empty and binary values", () => {
  const dump = [
    "# file: /buildroot\nuser.root=0sYQ==",
    "# file: /buildroot/a\\012b\\134\xff\nuser.x y\\075z=0s\nuser.binary=0sAAr/",
    "",
  ].join("\n\n");
  expect([...parseXattrs(dump, "/buildroot")].map(([path, values]) => [path, [...values]])).toEqual([
    ["", [["user.root", Buffer.from("a")]]],
    [
      "a\nb\\\xff",
      [
        ["user.binary", Buffer.from([0, 10, 255])],
        ["user.x y=z", Buffer.alloc(0)],
      ],
    ],
  ]);
});

test.each([
  ["security.capability", true],
  ["security.ima", true],
  ["security.selinux", false],
  ["security.evm", false],
  ["system.posix_acl_access", true],
  ["system.posix_acl_default", true],
  ["system.nfs4_acl", false],
  ["user.note", true],
  ["user.overlay.opaque", false],
  ["user.overlayish", true],
  ["trusted.note", true],
  ["trusted.overlay.origin", false],
])("%s: kept is %s", (name, kept) => {
  expect(parseXattrs(`# file: /r/a\n${name}=0sYQ==\n\n`, "/r").size).toBe(kept ? 1 : 0);
});

test("a capability loses the user namespace that it was made in", () => {
  const [permitted, root] = ["0020000000000000".padEnd(32, "0"), "a0860100"];
  const version2 = Buffer.from(`01000002${permitted}`, "hex");
  expect(withoutNamespace(Buffer.from(`01000003${permitted}${root}`, "hex"))).toEqual(version2);
  expect(withoutNamespace(version2)).toEqual(version2);
  const dump = `# file: /r/a\nsecurity.capability=0s${base64(`01000003${permitted}${root}`)}\n\n`;
  expect(parseXattrs(dump, "/r").get("a")?.get("security.capability")).toEqual(version2);
});
