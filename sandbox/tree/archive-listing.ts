import type { BytePath } from "./walk.ts";

/** What one line of `bsdtar --list --verbose --numeric-owner` says. */
export interface ArchiveMember {
  /** As the archive has it, without a slash at the end. */
  name: BytePath;
  /** The first letter of ls(1)'s mode; `h` for a hard link. */
  type: string;
  /** Permission bits. */
  mode: number;
  uid: number;
  gid: number;
  /** Of a device node. */
  device?: { major: number; minor: number };
}

const LINE = /^(.)([-rwxsStT]{9})\S* +\d+ +(\d+) +(\d+) +(\d+)(?:,(\d+))? +\w{3} +\d+ +[\d:]+ (.*)$/;

/** Throws for a line that bsdtar does not print. */
export function parseMember(line: string): ArchiveMember {
  const [, type = "", letters = "", uid, gid, size, minor, text = ""] = LINE.exec(line) ?? [];
  if (type === "") throw new Error(`bsdtar printed the line ${line}`);
  const shown = type === "l" ? beforeLast(text, " -> ") : type === "h" ? beforeLast(text, " link to ") : text;
  const device = minor === undefined ? {} : { device: { major: Number(size), minor: Number(minor) } };
  const name = fromC(shown).replace(/(?<=.)\/+$/, "");
  return { name, type, mode: permissions(letters), uid: Number(uid), gid: Number(gid), ...device };
}

function beforeLast(text: string, separator: string): string {
  const at = text.lastIndexOf(separator);
  return at < 0 ? text : text.slice(0, at);
}

/** The letters of ls(1) as bits. */
function permissions(letters: string): number {
  const bits = [...letters].reduce((sum, letter, at) => sum + (/[rwxst]/.test(letter) ? 0o400 >> at : 0), 0);
  const special = [2, 5, 8].reduce(
    (sum, at, which) => sum + (/[sStT]/.test(letters[at] ?? "") ? 0o4000 >> which : 0),
    0,
  );
  return bits + special;
}

const ESCAPES: Record<string, string> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** What cannot be printed, and the backslash, stand in C's notation; the rest is UTF-8. */
function fromC(text: string): BytePath {
  const bytes = Buffer.from(text).toString("latin1");
  return bytes.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
}
