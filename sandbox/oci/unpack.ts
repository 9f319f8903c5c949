/** The archive of one layer: decompressed, checked, listed, unpacked. */

import type { Context } from "../context.ts";
import { ToolError } from "../errors.ts";
import { BUILDROOT } from "../run.ts";
import { type ArchiveMember, parseMember } from "../tree/archive-listing.ts";
import { fileHash } from "../tree/hash.ts";
import type { BytePath } from "../tree/walk.ts";
import { invalid } from "./document.ts";
import type { Descriptor } from "./schema.ts";

/** By the end of the media type: of the OCI's `+gzip`, of Docker's `.gzip`. */
const DECOMPRESS: [RegExp, string[]][] = [
  [/[+.]gzip$/, ["gzip", "--decompress", "--stdout"]],
  [/[+.]zstd$/, ["zstd", "--quiet", "--decompress", "--stdout"]],
  [/\.tar$/, ["cat"]],
];

export async function decompress({ run }: Context, descriptor: Descriptor, from: string, to: string): Promise<void> {
  const { mediaType, digest } = descriptor;
  const [, argv] = DECOMPRESS.find(([end]) => end.test(mediaType)) ?? [];
  if (argv === undefined) throw invalid(`${digest}: layers of the media type ${mediaType} cannot be unpacked`);
  try {
    await run([...argv, "/input"], {
      binds: [{ source: from, target: "/input", readOnly: true }],
      stdout: { file: to },
    });
  } catch (error) {
    throw error instanceof ToolError ? invalid(`${digest}: ${error.output.at(-1) ?? error.message}`) : error;
  }
}

export async function checkContent(archive: string, { digest }: Descriptor, diffId: string | undefined): Promise<void> {
  const actual = `sha256:${await fileHash(archive)}`;
  if (diffId?.startsWith("sha256:") && actual !== diffId)
    throw invalid(`${digest}: unpacked, it has the digest ${actual}, not ${diffId}`);
}

/** The members by their tidy names. Throws BuildError `oci-invalid` for a name that leads out of the tree. */
export async function listMembers({ run }: Context, archive: string, digest: string): Promise<ArchiveMember[]> {
  const binds = [{ source: archive, target: "/input", readOnly: true }];
  const words = ["bsdtar", "--list", "--verbose", "--numeric-owner", "--file=/input"];
  const { stdout } = await named(digest, () => run(words, { binds, stdout: "capture" }));
  const members = stdout.split("\n").filter(Boolean).map(parseMember);
  const outside = members.find(({ name }) => leadsOut(name));
  if (outside)
    throw invalid(`${digest}: it has the name ${JSON.stringify(outside.name)}, which leads out of the image`);
  return members.map((member) => ({ ...member, name: tidy(member.name) }));
}

function leadsOut(name: BytePath): boolean {
  return name.startsWith("/") || name.split("/").some((part) => [".wh.", ".wh..", ".wh...", ".."].includes(part));
}

function tidy(name: BytePath): BytePath {
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** The tree is the root directory of what unpacks it: no link leads out of it. */
export async function extract(
  { run }: Context,
  root: string,
  archive: string,
  digest: string,
  members: readonly ArchiveMember[],
): Promise<void> {
  const nodes = members.filter(({ device }) => device !== undefined);
  const skip = [".wh.*", ...nodes.map(({ name }) => `^${pattern(name)}`)].map((each) => `--exclude=${each}`);
  const how = ["--preserve-permissions", "--same-owner", "--numeric-owner", "--no-fflags"];
  const words = ["bsdtar", "--extract", `--directory=${BUILDROOT}`, "--chroot", "--absolute-paths", ...how, ...skip];
  const binds = [{ source: archive, target: "/input", readOnly: true }];
  await named(digest, () => run([...words, "--file=/input"], { root, binds }));
}

/** A name as bsdtar's pattern: what is no plain letter may be any. */
function pattern(name: BytePath): string {
  return name.replace(/[^\w./-]/g, "?");
}

/** What the host's kernel alone sets or allows is not the image's. */
const NOT_OURS = /extended attributes?:? *(security\.(selinux|ima|evm)[, ]*)+$|Error exit delayed from previous errors/;

async function named<T>(digest: string, work: () => Promise<T>): Promise<T | { stdout: string }> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const [first] = error.output.filter((line) => line.trim() !== "" && !NOT_OURS.test(line));
    if (first === undefined) return { stdout: "" };
    throw invalid(`${digest}: ${first.replace(/^bsdtar: /, "")}`);
  }
}
