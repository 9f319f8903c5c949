import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { settings } from "../../src/config/index.ts";
import { sectionNames } from "../../src/config/unknown.ts";
import type { Random } from "./random.ts";

/** A way in which a configuration goes wrong. `apply` changes the tree in the folder. */
export interface Mutation {
  name: string;
  cases: number;
  apply(tree: string, random: Random): void;
}

/** Every file of a tree whose name ends in `.conf`, sorted; links are none. */
export function configurationFiles(tree: string): string[] {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".conf"));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** Mutates the bytes of one configuration file. */
function bytes(name: string, cases: number, change: (content: Buffer, random: Random) => Buffer | string): Mutation {
  const apply = (tree: string, random: Random) => {
    const file = anyFile(tree, random);
    writeFileSync(file, change(readFileSync(file), random));
  };
  return { name, cases, apply };
}

/** Adds text to mkosi.conf. */
function appended(name: string, cases: number, text: (random: Random) => string): Mutation {
  return { name, cases, apply: (tree, random) => append(tree, text(random)) };
}

function append(tree: string, text: string): void {
  write(tree, "mkosi.conf", text, "a");
}

function write(tree: string, path: string, content: string | Buffer, flag: "w" | "a" = "w"): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  if (statSync(join(tree, path), { throwIfNoEntry: false })?.isDirectory() === true) return;
  writeFileSync(join(tree, path), flag === "a" ? `\n${content}\n` : content, { flag });
}

function anyFile(tree: string, random: Random): string {
  const files = configurationFiles(tree);
  if (files.length > 0) return random.pick(files);
  write(tree, "mkosi.conf", "[Distribution]\nDistribution=debian\n");
  return join(tree, "mkosi.conf");
}

function link(tree: string, path: string, target: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  rmSync(join(tree, path), { recursive: true, force: true });
  symlinkSync(target, join(tree, path));
}

/** Puts bytes in the place of as many at `position`, or between them. */
function insert(content: Buffer, random: Random, added: Buffer, replaced = 0): Buffer {
  const position = random.below(content.length + 1);
  return Buffer.concat([content.subarray(0, position), added, content.subarray(position + replaced)]);
}

function lines(content: Buffer): string[] {
  return content.toString("utf8").split("\n");
}

/** Texts that are a value of hardly any setting. */
export const oddValues: readonly string[] = [
  ...["-1", "+", "1e999", "99999999999999999999", "0x10", "1.5", "NaN", "1_", "-0", "08", "10P", "1M1", "yes no"],
  ...[
    ":",
    "::",
    ":/",
    "a:b:c:d:e:f:g:h",
    "a:",
    ":a",
    "/:",
    "=",
    "==",
    "=a",
    "a=b=c",
    ",",
    ",,",
    ";",
    "|",
    "!",
    "|!",
    "!!",
  ],
  ...[
    "%",
    "%%%",
    "%z",
    "%C%P%D%F%I%d",
    "&",
    "&z",
    "$",
    "$X",
    "${",
    `${"$"}{}`,
    "${X",
    "$HOME$HOME",
    "~",
    "~nobody/x",
    "~/",
  ],
  ...[
    "'",
    '"',
    "\\",
    "'a",
    'a"b',
    "\\\\\\",
    "[",
    "[]",
    "[!]",
    "[z-a]",
    "*",
    "**",
    "?*?*?*?*?*",
    "{a,b}",
    "(",
    ")",
    "re:(",
  ],
  ...[
    "/",
    "//",
    ".",
    "..",
    "../../../..",
    "/dev/null",
    "/dev/zero",
    "/proc/self",
    "/nonexistent",
    "./",
    "a/b",
    " a ",
    "\t",
  ],
  ...[
    "constructor",
    "__proto__",
    "__proto__=1",
    "toString",
    "hasOwnProperty=1",
    "valueOf",
    "default",
    "host",
    "custom",
  ],
  ...["é", "💥", "\u202e", "\u2028", "\u0085", "\u0001", "\u007f", "ﬁ", "İ", "ß", "\ufeff", "\ufffd", "e\u0301"],
  ...[
    "a".repeat(300),
    "a/".repeat(3000),
    "1".repeat(10_000),
    "1.".repeat(10_000),
    "~".repeat(10_000),
    "*a".repeat(200),
  ],
  ...['"'.repeat(999), "(".repeat(999), "%d".repeat(999), "a ".repeat(2000), "${A".repeat(500), "[".repeat(999)],
];

function oddAssignment(random: Random): string {
  const { section, name } = random.pick(settings);
  return `[${section}]\n${name}=${random.pick(oddValues)}`;
}

function oddCondition(random: Random): string {
  const { name } = random.pick(settings.filter(({ matchable }) => matchable));
  const others = ["PathExists", "SystemdVersion", "HostArchitecture", "Image", "Nothing"];
  const section = random.pick(["Match", "Assert", "TriggerMatch", "TriggerAssert"]);
  return `[${section}]\n${random.pick([name, name, random.pick(others)])}=${random.pick(oddValues)}`;
}

function swapSections(content: Buffer, random: Random): string {
  const text = lines(content);
  const heads = text.flatMap((line, index) => (line.startsWith("[") ? [index] : []));
  if (heads.length > 0) text[random.pick(heads)] = `[${random.pick(sectionNames)}]`;
  if (heads.length > 1) text[random.pick(heads)] = `[${random.pick(sectionNames)}]`;
  return text.join("\n");
}

function shuffleLines(content: Buffer, random: Random): string {
  const text = lines(content);
  for (let index = text.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [text[index], text[other]] = [text[other] ?? "", text[index] ?? ""];
  }
  return text.join("\n");
}

const places = [
  ...["mkosi.conf", "mkosi.conf.d", "mkosi.conf.d/x.conf", "mkosi.local.conf", "mkosi.local", "mkosi.images"],
  ...["mkosi.images/x.conf", "mkosi.images/x", "mkosi.profiles", "mkosi.initrd.conf", "mkosi.tools.conf", "mkosi"],
  ...["mkosi.version", "mkosi.rootpw", "mkosi.machine-id", "mkosi.extra", "mkosi.repart", "mkosi.build.d", "mkosi.key"],
  ...["mkosi.credentials", "mkosi.env", "mkosi.build", "mkosi.output", "mkosi.nspawn", "mkosi.pkgmngr", "mkosi.crt"],
];

const loops = [".", "..", "/", "/dev/zero", "/dev/null", "/proc/self/mem", "/nonexistent", "mkosi.conf", "loop-a", "x"];

/** A folder within a folder, `levels` deep. */
function nested(part: string, levels: number): string {
  return Array.from({ length: levels }, () => part).join("/");
}

/** One thousand cases. */
export const mutations: readonly Mutation[] = [
  bytes("cut off", 80, (content, random) => content.subarray(0, random.below(content.length + 1))),
  bytes("random bytes put in", 60, (content, random) => insert(content, random, random.bytes(1 + random.below(8)))),
  bytes("random bytes overwritten", 60, (content, random) => insert(content, random, random.bytes(4), 4)),
  bytes("random bytes alone", 20, (_, random) => random.bytes(random.below(400))),
  bytes("one character changed", 90, (content, random) =>
    insert(content, random, Buffer.from(random.pick([..."[]=#;%$&\"'\\ \t\n\r\f\v|!:,/*~"])), random.below(2)),
  ),
  bytes("NUL bytes", 15, (content, random) => insert(content, random, Buffer.alloc(1 + random.below(3)))),
  bytes("no UTF-8", 15, (content, random) =>
    insert(
      content,
      random,
      random.pick([Buffer.from([0xff, 0xfe]), Buffer.from([0xc3]), Buffer.from([0xed, 0xa0, 0x80])]),
    ),
  ),
  bytes("UTF-16", 3, (content) => Buffer.from(`\ufeff${content.toString("utf8")}`, "utf16le")),
  bytes("line ends", 10, (content, random) =>
    lines(content).join(random.pick(["\r\n", "\r", "\n\r", "\u2028", "\u0085"])),
  ),
  bytes("empty", 6, () => ""),
  bytes("a byte order mark alone", 4, () => "\ufeff"),
  bytes("twice itself", 20, (content) => Buffer.concat([content, content])),
  bytes("lines shuffled", 50, shuffleLines),
  bytes("sections swapped", 70, swapSections),
  bytes("an unknown section", 20, (content, random) =>
    content
      .toString("utf8")
      .replace(/^\[.*\]/m, random.pick(["[Contnet]", "[]", "[[Content]]", "[Content", "[ ]", "[X-]"])),
  ),
  appended("an odd value", 230, oddAssignment),
  appended("an odd condition", 80, oddCondition),
  appended("a folded odd value", 20, (random) => `${oddAssignment(random)}\n  ${random.pick(oddValues)}\n\t\n x`),
  appended(
    "a long line",
    3,
    (random) => `[Content]\n${random.pick(["Packages", "Environment", "Hostname"])}=${"a".repeat(5e6)}`,
  ),
  appended("a long quotation", 2, (random) => `[Build]\nEnvironment="${random.pick(["a", "\\\\"]).repeat(1e6)}"`),
  appended("a long list", 2, () => `[Content]\nPackages=${"ab ".repeat(5e4)}`),
  appended("many lines", 2, (random) => `[Content]\n${`${random.pick(["Hostname=a", "# a", ""])}\n`.repeat(3e4)}`),
  appended("many assignments of a list", 2, () => `[Content]\n${"Packages=a\n".repeat(3e3)}`),
  appended("many folded lines", 2, () => `[Content]\nPackages=\n${" a\n".repeat(3e4)}`),
  appended("many sections", 2, () => "[Content]\n[Match]\n".repeat(2e4)),
  appended(
    "a file that includes itself",
    8,
    (random) => `[Include]\nInclude=${random.pick(["mkosi.conf", "./mkosi.conf", ".", "%C"])}`,
  ),
  {
    name: "files that include each other",
    cases: 8,
    apply: (tree, random) => {
      const name = random.pick([".conf", "/mkosi.conf"]);
      const [first, second] = [`a${name}`, `b${name}`];
      append(tree, `[Include]\nInclude=%D/${first.split("/")[0]}`);
      write(tree, first, `[Include]\nInclude=%D/${second}\n`);
      write(tree, second, `[Include]\nInclude=%D/${first}\nInclude=%D\n`);
    },
  },
  {
    name: "a chain of includes",
    cases: 2,
    apply: (tree) => {
      append(tree, "[Include]\nInclude=chain/0.conf");
      for (let index = 0; index < 300; index++)
        write(tree, `chain/${index}.conf`, `[Include]\nInclude=%D/chain/${index + 1}.conf\n`);
      write(tree, "chain/300.conf", "[Content]\nHostname=end\n");
    },
  },
  {
    name: "an include through links",
    cases: 8,
    apply: (tree, random) => {
      link(tree, "link-a", random.pick([".", "link-b", "mkosi.conf", "/nonexistent", "mkosi.conf.d"]));
      link(tree, "link-b", "link-a");
      append(
        tree,
        `[Include]\nInclude=${random.pick(["link-a", "link-b", "link-a/mkosi.conf", "link-a/link-a/link-b"])}`,
      );
    },
  },
  {
    name: "deep folders",
    cases: 4,
    apply: (tree, random) => {
      const part = random.pick(["mkosi.conf.d/a", "mkosi.conf.d/b"]);
      write(tree, `${nested(part, 100)}/mkosi.conf`, "[Content]\nHostname=deep\n");
    },
  },
  {
    name: "long paths",
    cases: 4,
    apply: (tree, random) => {
      const name = "n".repeat(random.pick([200, 255]));
      const levels = Math.floor((3900 - tree.length) / (name.length + 1));
      write(tree, `${nested(name, levels)}/mkosi.conf`, "[Content]\nHostname=deep\n");
      append(tree, `[Include]\nInclude=${nested(name, levels + random.below(3))}`);
    },
  },
  {
    name: "a link in a file's place",
    cases: 40,
    apply: (tree, random) => link(tree, random.pick(places), random.pick(loops)),
  },
  {
    name: "links that lead around",
    cases: 8,
    apply: (tree, random) => {
      link(tree, "loop-a", "loop-b");
      link(tree, "loop-b", "loop-a");
      link(tree, random.pick(places), "../loop-a");
      link(tree, `mkosi.conf.d/${random.pick(["up", "up.conf"])}`, random.pick(["..", ".", "../loop-a"]));
    },
  },
  {
    name: "a file where a folder is expected, or the other way round",
    cases: 30,
    apply: (tree, random) => {
      const path = join(tree, random.pick(places));
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
      rmSync(path, { recursive: true, force: true });
      mkdirSync(dirname(path), { recursive: true });
      if (isFolder || random.below(2) === 0) writeFileSync(path, random.pick(["", "a\n", "[Content]\n"]));
      else mkdirSync(path);
    },
  },
  {
    name: "a pipe",
    cases: 8,
    apply: (tree, random) => {
      const path = join(tree, random.pick(places));
      rmSync(path, { recursive: true, force: true });
      mkdirSync(dirname(path), { recursive: true });
      execFileSync("mkfifo", [path]);
    },
  },
  {
    name: "odd names",
    cases: 12,
    apply: (tree, random) => {
      const name = random.pick(["a\nb", "a:3", " ", "%d", "-f", "\u202e", "constructor", "__proto__", ".", "..conf"]);
      write(
        tree,
        `${random.pick(["mkosi.conf.d", "mkosi.images", "mkosi.build.d"])}/${name}.conf`,
        "[Content]\nHostname\n",
      );
    },
  },
];

/** Takes the right to read from a file or folder; for tests of users who are not root. */
export const unreadable: Mutation = {
  name: "unreadable",
  cases: 30,
  apply: (tree, random) => {
    const entries = readdirSync(tree, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => !entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
    chmodSync(paths.length === 0 ? tree : random.pick(paths), 0);
  },
};
