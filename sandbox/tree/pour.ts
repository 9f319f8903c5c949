/**
 * Puts files and folders into a tree. libarchive reads them and writes them with the tree as its root directory, so that
 * no link or name leads anywhere else; what is at a place already is replaced, but a folder, and a link to one, stays.
 */
import { mkdir } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { type Bind, BUILDROOT } from "../run.ts";
import { type ArchiveMember, parseMember } from "./archive-listing.ts";
import type { DeviceNode } from "./device-nodes.ts";
import { resolveInside, statInside } from "./inside.ts";
import { restoreAttributes, saveAttributes } from "./kept-folders.ts";
import { type BytePath, onDisk } from "./walk.ts";

/** A tree that is being filled. */
export interface Target {
  /** Where it is mounted. */
  root: string;
  /** Its device nodes; those that are poured in are added. */
  devices: DeviceNode[];
}

/** What reads back as an archive: with the tree as its root, owners as numbers, all attributes but those of one file system. */
const EXTRACT = [
  ...["bsdtar", "--extract", `--directory=${BUILDROOT}`, "--chroot", "--absolute-paths"],
  ...["--preserve-permissions", "--same-owner", "--numeric-owner", "--no-fflags"],
];

/** `$1` words create an archive of the names on standard input; the rest extract it. All that is said comes out on standard output. */
const POUR = `words=$1; shift; { "\${@:1:words}" | "\${@:words+1}"; } 2>&1`;

export interface FolderNames {
  /** Paths below the source's mount, parents before children. */
  names: BytePath[];
  binds: Bind[];
  /** Everything belongs to root. */
  asRoot: boolean;
  /** Times of modification are taken along. */
  times: boolean;
  /** For messages. */
  title: string;
}

/** Pours the named files and folders below `/source`. Throws BuildError `tree-invalid`. */
export async function pourNames(context: Context, { root }: Target, given: FolderNames): Promise<void> {
  if (given.names.length === 0) return;
  const owner = given.asRoot ? ["--uid=0", "--gid=0"] : [];
  const what = ["--no-recursion", "--no-fflags", "--null", "--files-from=-", "--directory=/source"];
  const create = ["bsdtar", "--create", "--format=pax", "--numeric-owner", ...owner, ...what];
  const extract = given.times ? EXTRACT : [...EXTRACT, "-m"];
  const input = Buffer.from(given.names.map((name) => `./${name}\0`).join(""), "latin1");
  const argv = ["bash", "-o", "pipefail", "-c", POUR, "pour", String(create.length), ...create, ...extract];
  const { stdout, exitCode } = await context.run(argv, {
    root,
    binds: given.binds,
    input,
    stdout: "capture",
    accept: [0, 1],
  });
  check(stdout, exitCode, given.title);
}

/** Pours an archive, which keeps its owners and times. Throws BuildError `tree-invalid`. */
export async function pourArchive(context: Context, target: Target, file: string, title: string): Promise<void> {
  const binds = [{ source: file, target: "/source", readOnly: true }];
  const members = await listArchive(context, binds, title);
  const folders = members.filter(({ type }) => type === "d").map(({ name }) => name);
  const saved = saveAttributes(target.root, folders);
  const nodes = members.filter(({ device }) => device !== undefined);
  const skip = nodes.map(({ name }) => `--exclude=^${pattern(name)}`);
  const argv = ["bash", "-c", 'exec "$@" 2>&1', "pour", ...EXTRACT, ...skip, "--file=/source"];
  const { stdout, exitCode } = await context.run(argv, { root: target.root, binds, stdout: "capture", accept: [0, 1] });
  check(stdout, exitCode, title);
  await restoreAttributes(saved);
  for (const node of nodes) await addNode(target, node);
}

/** Pours an archive that comes as a stream, into a folder that holds nothing of another origin. Device nodes are left out. */
export async function pourStream(context: Context, root: string, archive: Readable, title: string): Promise<void> {
  const argv = ["bash", "-c", 'exec "$@" 2>&1', "pour", ...EXTRACT, "-S", "--file=-"];
  const { stdout, exitCode } = await context.run(argv, { root, input: archive, stdout: "capture", accept: [0, 1] });
  check(stdout, exitCode, title);
}

async function listArchive({ run }: Context, binds: Bind[], title: string): Promise<ArchiveMember[]> {
  const words = ["bsdtar", "--list", "--verbose", "--numeric-owner", "--file=/source"];
  const { stdout } = await run(words, { binds, stdout: "capture" });
  const members = stdout.split("\n").filter(Boolean).map(parseMember);
  const outside = members.find(({ name }) => name.split("/").includes(".."));
  if (outside) throw invalid(title, `it has the name ${shown(outside.name)}, which leads out of the image`);
  return members;
}

/** Notes down a device node at the place where links of the tree lead. */
export async function addNode({ root, devices }: Target, node: ArchiveMember): Promise<void> {
  const { name, type, mode, uid, gid, device } = node;
  const path = resolveInside(root, name);
  const parent = path.split("/").slice(0, -1).join("/");
  await mkdir(onDisk(root, parent), { recursive: true, mode: 0o755 });
  const kind = type === "b" ? "block" : "character";
  devices.push({ path, kind, mode, uid, gid, major: device?.major ?? 0, minor: device?.minor ?? 0 });
}

/** A name as bsdtar's pattern: what is no plain letter may be any. */
function pattern(name: BytePath): string {
  return name.replace(/[^\w./-]/g, "?");
}

/** What the host's kernel alone sets or allows is not the image's. */
const NOT_OURS = /extended attributes?:? *(security\.(selinux|ima|evm)[, ]*)+$|Error exit delayed from previous errors/;

function check(output: string, exitCode: number, title: string): void {
  if (exitCode === 0) return;
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !NOT_OURS.test(line));
  const [first] = lines;
  if (first !== undefined) throw invalid(title, first.replace(/^bsdtar: /, ""), lines);
}

export function invalid(title: string, reason: string, tail: string[] = []): BuildError {
  return new BuildError("tree-invalid", `${title} cannot be copied into the image: ${reason}`, {
    tail: tail.slice(0, 20),
  });
}

/** A byte path for people. */
export function shown(path: BytePath): string {
  return JSON.stringify(Buffer.from(path, "latin1").toString()).slice(1, -1);
}

/** Whether a folder of this name is there, or a link to one. Throws BuildError `tree-invalid` for anything else. */
export function isFolder(root: string, path: BytePath, title: string): boolean {
  const stats = statInside(root, path);
  if (stats && !stats.isDirectory()) throw invalid(title, `/${shown(path)} is a folder in it, and none in the image`);
  return stats !== undefined;
}
