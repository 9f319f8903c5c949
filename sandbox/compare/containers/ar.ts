/** Archives of ar(1): Debian packages (deb(5)), and libraries. */
import type { Blob } from "../blob.ts";
import type { Container } from "../comparer.ts";
import { basicAttributes, type Tree, treePath } from "../tree.ts";
import { compareTrees } from "../trees.ts";

const MAGIC = "!<arch>\n";
const HEADER = 60;

export const ar: Container = {
  place: { kind: "archive", name: "ar" },
  detects: (blob) => blob.read(0, MAGIC.length).toString("latin1") === MAGIC,
  compare: async ({ a, b }, place, comparer) => {
    await compareTrees({ a: readAr(a), b: readAr(b) }, place, comparer, { ordered: true });
  },
  locate: () => "header of a member",
};

function readAr(blob: Blob): Tree {
  const tree: Tree = new Map();
  for (let at = MAGIC.length; at + HEADER <= blob.size; ) {
    const header = blob.read(at, HEADER).toString("latin1");
    const field = (start: number, end: number) => header.slice(start, end).trim();
    const size = Number(field(48, 58));
    const attributes = basicAttributes({
      mode: Number.parseInt(field(40, 48) || "0", 8),
      uid: Number(field(28, 34)),
      gid: Number(field(34, 40)),
      mtime: Number(field(16, 28)),
    });
    tree.set(treePath(field(0, 16)), { kind: "file", attributes, content: blob.slice(at + HEADER, size) });
    at += HEADER + size + (size % 2);
  }
  return tree;
}
