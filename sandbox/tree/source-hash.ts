import { makeRun, type Run } from "../run.ts";
import { type HashOptions, treeHash } from "./hash.ts";
import { type BytePath, byCodeUnit } from "./walk.ts";
import { parseXattrs, type Xattrs } from "./xattrs.ts";

/** `treeHash` with all that tools know of a tree beyond what Node does: extended attributes and where files have holes. */
export async function sourceHash(path: string, options: Pick<HashOptions, "owners"> = {}): Promise<string> {
  const run = makeRun({ onLine: () => undefined, signal: new AbortController().signal });
  const xattrs = await readAttributes(run, path);
  return treeHash(path, { ...options, xattrs, sparse: (file) => sparseHash(run, path, file) });
}

/** Those that a copy takes along, in one order. */
async function readAttributes(run: Run, path: string): Promise<Map<BytePath, Xattrs>> {
  const options = ["--recursive", "--physical", "--no-dereference", "--absolute-names"];
  const what = ["--dump", "--match=^(user|trusted|system|security\\.capability)", "--encoding=base64"];
  const binds = [{ source: path, target: "/source", readOnly: true }];
  const { stdout } = await run(["getfattr", ...options, ...what, "--", "/source"], { binds, stdout: "capture" });
  const found = parseXattrs(Buffer.from(stdout).toString("latin1"), "/source");
  for (const [name, values] of found) found.set(name, new Map([...values].sort(([a], [b]) => byCodeUnit(a, b))));
  return found;
}

/**
 * GNU tar asks the file system for holes, and reads only what lies between them. The name, which may be of any bytes, and
 * begins with `path`, comes by standard input.
 */
async function sparseHash(run: Run, path: string, file: Buffer): Promise<string> {
  const name = Buffer.concat([Buffer.from("source"), file.subarray(Buffer.byteLength(path)), Buffer.alloc(1)]);
  const binds = [{ source: path, target: "/source", readOnly: true }];
  const tar = ["tar", "--create", "--file=-", "--sparse", "--format=gnu", "--mtime=@0", "--owner=0", "--group=0"];
  const what = ["--mode=0", "--directory=/", "--null", "--files-from=-"];
  const argv = ["bash", "-o", "pipefail", "-c", '"$@" | sha256sum', "hash", ...tar, ...what];
  const { stdout } = await run(argv, { binds, input: name, stdout: "capture" });
  return stdout.trim();
}
