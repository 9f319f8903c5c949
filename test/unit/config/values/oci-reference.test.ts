import { describe, expect, test } from "vitest";
import { baseTrees, type OciReference, parseOciReference } from "../../../../src/config/values/oci-reference.ts";
import { adds, reads, refuses } from "./context.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const tree = { "/conf/image/index.json": "", "/conf/a.tar": "", "/conf/odd:name/index.json": "" };

describe("trees to start from", () => {
  reads(
    baseTrees,
    [
      ["dir", ["/conf/dir"]],
      ["oci:image", ["oci:/conf/image"]],
      ["oci:image:v1", ["oci:/conf/image:v1"]],
      ["oci:./a.tar:v1", ["oci:/conf/a.tar:v1"]],
      [`oci:image@${digest}`, [`oci:/conf/image@${digest}`]],
      ["oci:odd:name:", ["oci:/conf/odd:name:"]],
      ["oci:odd:name:latest", ["oci:/conf/odd:name:latest"]],
      ["oci:docker://localhost:5000/a/b:1.0", ["oci:docker://localhost:5000/a/b:1.0"]],
      [`oci:docker://docker.io/library/debian@${digest}`, [`oci:docker://docker.io/library/debian@${digest}`]],
    ],
    tree,
  );
  adds(baseTrees, [[["/a"], "oci:image", ["/a", "oci:/conf/image"]]], tree);
  const expected = "expected oci:docker://REGISTRY/NAME, with :TAG or @sha256:DIGEST";
  refuses(
    baseTrees,
    [
      ["oci:gone:v1", "file-not-found", "S= names 'gone', but /conf/gone does not exist"],
      ["oci:docker://", "invalid-value", `S=oci:docker://: ${expected}`],
      ["oci:docker://debian", "invalid-value", `S=oci:docker://debian: ${expected}`],
      ["oci:docker://host/UPPER", "invalid-value", `S=oci:docker://host/UPPER: ${expected}`],
    ],
    tree,
  );
});

test.each<[string, OciReference]>([
  ["oci:/a", { kind: "layout", path: "/a" }],
  ["oci:/a:1:", { kind: "layout", path: "/a:1" }],
  ["oci:/a:1", { kind: "layout", path: "/a", name: "1" }],
  ["oci:/x:y/a", { kind: "layout", path: "/x:y/a" }],
  [`oci:/a@${digest}`, { kind: "layout", path: "/a", digest }],
  ["oci:docker://h:5/a:1", { kind: "registry", image: "h:5/a:1" }],
])("%s", (text, expected) => {
  expect(parseOciReference(text)).toEqual(expected);
});
