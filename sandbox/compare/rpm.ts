/** The packages of rpm's database, as it is in SQLite; the tools image has no rpm. */
import { join } from "node:path";
import type { Blob } from "./blob.ts";
import type { Comparer } from "./comparer.ts";
import { copy } from "./containers/compressed.ts";

/** Where distributions keep it. */
export const RPM_DATABASES = ["usr/lib/sysimage/rpm/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite"];

/** A header's start: its index, and the first of its strings, which are the ones that are read. */
const QUERY = "SELECT hex(substr(blob, 1, 16384)) FROM Packages";

/** Names with architectures, and versions. */
export async function readRpmDatabase(database: Blob, comparer: Comparer): Promise<[string, string][]> {
  return comparer.withFolder(async (folder) => {
    await copy(database, join(folder, "rpmdb.sqlite"));
    const { stdout } = await comparer.run(["python3", "-m", "sqlite3", "/compare/rpmdb.sqlite", QUERY], {
      // Not read-only: SQLite looks for what a program that ended early has left.
      binds: [{ source: folder, target: "/compare" }],
      stdout: "capture",
      accept: [0, 1],
    });
    const rows = stdout.matchAll(/^\('([0-9A-F]*)',\)$/gm);
    return [...rows].flatMap(([, digits = ""]) => readHeader(Buffer.from(digits, "hex")) ?? []);
  });
}

const TAGS = { name: 1000, version: 1001, release: 1002, epoch: 1003, architecture: 1022 };
const INT32 = 4;

/** rpm's header format (rpm.org, "Header format"): two counts, an index of tags, a store of values. */
function readHeader(bytes: Buffer): [string, string][] | undefined {
  const count = bytes.length < 8 ? 0 : bytes.readUInt32BE(0);
  const store = 8 + count * 16;
  if (count === 0 || store > bytes.length) return undefined;
  const value = (tag: number): string | undefined => {
    const index = Array.from({ length: count }, (_, each) => 8 + each * 16).find(
      (at) => bytes.readUInt32BE(at) === tag,
    );
    if (index === undefined) return undefined;
    const at = store + bytes.readUInt32BE(index + 8);
    if (bytes.readUInt32BE(index + 4) === INT32) return String(bytes.readUInt32BE(at));
    return bytes.toString("utf8", at, bytes.indexOf(0, at));
  };
  const [name, epoch] = [value(TAGS.name), value(TAGS.epoch)];
  if (name === undefined) return undefined;
  const version = `${epoch === undefined ? "" : `${epoch}:`}${value(TAGS.version)}-${value(TAGS.release)}`;
  return [[`${name}:${value(TAGS.architecture) ?? "noarch"}`, version]];
}
