import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addFiles, caisson, names, project, remove, succeed } from "../support/caisson.ts";

const partition = (...lines: string[]) => ["[Partition]", ...lines, ""].join("\n");
const SMALL = ["SizeMinBytes=34M", "SizeMaxBytes=34M"];
const good = partition("Type=root", "Format=vfat", "CopyFiles=/usr", ...SMALL);

let folder: string;
let before: Record<string, string>;
beforeAll(async () => {
  folder = await project({
    "mkosi.conf": [
      ...["[Distribution]", "Distribution=debian", "Release=trixie", "[Output]", "Format=disk", "OutputDirectory=out"],
      ...["[Content]", "Bootable=no", "BaseTrees=base", "[Validation]", "Checksum=yes", ""],
    ].join("\n"),
    "base/usr/lib/os-release": "ID=debian\nVERSION_ID=13\n",
    "base/srv/large": "large\n".repeat(7 << 20),
  });
  await addFiles(folder, { "mkosi.repart/10-root.conf": good });
  await succeed(folder, ["build"]);
  before = await outputs();
});
afterAll(() => remove(folder));
beforeEach(() => rm(join(folder, "mkosi.repart"), { recursive: true }));
afterEach(async () => expect(await outputs()).toEqual(before));

async function outputs(): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const name of await names(join(folder, "out")))
    digests[name] = createHash("sha256")
      .update(await readFile(join(folder, "out", name)))
      .digest("hex");
  return digests;
}

interface Bad {
  what: string;
  root: string;
  message: string | RegExp;
  hint: string | RegExp;
}

const SYNTAX = /^a definition has the line \[Partition\], and below it settings such as Type=root; /;

/** Of the definition 10-root.conf. */
const table: Bad[] = [
  {
    what: "a least size above the largest one",
    root: partition("Type=root", "SizeMinBytes=64M", "SizeMaxBytes=32M"),
    message: "systemd-repart says: 10-root.conf:1: SizeMinBytes= larger than SizeMaxBytes=, refusing.",
    hint: "it has SizeMinBytes=64M, SizeMaxBytes=32M; expected is a least size that is not above the largest one (repart.d(5))",
  },
  {
    what: "a size that is none",
    root: partition("Type=root", "SizeMinBytes=4OM"),
    message: "systemd-repart says: 10-root.conf:3: Failed to parse size value: 4OM",
    hint: "it has SizeMinBytes=4OM; expected is a number of bytes, with K, M, G or T behind it for powers of 1024 (repart.d(5))",
  },
  {
    what: "an unknown type",
    root: partition("Type=rooot", "Format=ext4", "CopyFiles=/usr"),
    message: "systemd-repart says: 10-root.conf:2: Failed to parse partition type: rooot",
    hint: /^it has Type=rooot; expected is a name such as root, usr, esp, /,
  },
  {
    what: "no type",
    root: partition("Format=ext4"),
    message: "systemd-repart says: 10-root.conf:1: Type= not defined, refusing.",
    hint: "expected is Type= in the section [Partition] (repart.d(5))",
  },
  {
    what: "an unknown filesystem",
    root: partition("Type=root", "Format=nofs", "CopyFiles=/usr"),
    message: /^systemd-repart says: 10-root\.conf: .* nofs /,
    hint: "it has Format=nofs; expected is ext4, btrfs, xfs, vfat, erofs, squashfs or swap (repart.d(5))",
  },
  ...Object.entries({ ext4: 'Could not allocate block .* "large"', vfat: "Disk full" }).map(([format, said]) => ({
    what: `a full partition of ${format}`,
    root: partition("Type=root", `Format=${format}`, "CopyFiles=/srv", ...SMALL),
    message: new RegExp(`^10-root\\.conf: the ${format} filesystem cannot be made: .*${said}`),
    hint: /^it has SizeMinBytes=34M, SizeMaxBytes=34M; the partition has 34\.0 MiB, and its files have 42\.0 MiB: /,
  })),
  ...["SizeMinBytes=34M", "Minimize=best"].map((size) => ({
    what: `an erofs filesystem above its largest size, with ${size}`,
    root: partition("Type=root", "Format=erofs", "CopyFiles=/srv", size, "SizeMaxBytes=34M"),
    message: /^10-root\.conf: the filesystem has 42\.\d MiB, and the partition has at most SizeMaxBytes=34M$/,
    hint: "raise SizeMaxBytes=, or copy less (repart.d(5))",
  })),
  {
    what: "blocks of a file that is not there",
    root: partition("Type=root", "CopyBlocks=/srv/none"),
    message: "systemd-repart says: 10-root.conf: Failed to open '/srv/none': No such file or directory",
    hint: "it has CopyBlocks=/srv/none; expected is the absolute path of a file in the image (repart.d(5))",
  },
  {
    what: "verity without a word that matches",
    root: partition("Type=root", "Format=erofs", "CopyFiles=/usr", "Minimize=best", "Verity=data"),
    message: "systemd-repart says: 10-root.conf:1: VerityMatchKey= must be set if Verity=data.",
    hint: /^it has Verity=data; expected is VerityMatchKey= with the same word /,
  },
  {
    what: "verity without hashes",
    root: partition("Type=root", "Format=erofs", "CopyFiles=/usr", "Minimize=best", "Verity=data", "VerityMatchKey=x"),
    message: /^systemd-repart says: 10-root\.conf:1: Missing verity hash partition for verity data partition /,
    hint: /^it has Verity=data, VerityMatchKey=x; expected is VerityMatchKey= with the same word /,
  },
  {
    what: "a line that is no assignment",
    root: partition("Type=root", "Format ext4"),
    message: '10-root.conf:3: "Format ext4" is no assignment',
    hint: SYNTAX,
  },
  {
    what: "settings without a section",
    root: "Type=root\n",
    message: '10-root.conf:1: "Type=root" stands before any section',
    hint: SYNTAX,
  },
  {
    what: "a section without an end",
    root: "[Partition\nType=root\n",
    message: '10-root.conf:1: "[Partition" has no ] at its end',
    hint: SYNTAX,
  },
];

describe("is refused, and the outputs of the build before stay", () => {
  test.each(table)("$what", async ({ root, message, hint }) => {
    await addFiles(folder, { "mkosi.repart/10-root.conf": root });
    const { code, error } = await caisson(folder, ["-f", "build"]);
    expect(code).toBe(1);
    expect(error?.message.startsWith("main: ")).toBe(true);
    const told = { message: error?.message.slice("main: ".length), hint: error?.hint };
    expect(told).toEqual({ message: matching(message), hint: matching(hint) });
  });
});

const matching = (expected: string | RegExp): unknown =>
  typeof expected === "string" ? expected : expect.stringMatching(expected);

test("what is passed over is told: a source that the image does not have, and a setting that is none", async () => {
  const more = partition("Type=home", "Format=ext4", "CopyFiles=/srv/none", "Minimize=guess", "Fromat=xfs");
  await addFiles(folder, { "mkosi.repart/10-root.conf": good, "mkosi.repart/20-home.conf": more });
  const { events } = await succeed(folder, ["-f", "--output=more", "build"]);
  const notices = events.flatMap((event) => (event.type === "notice" ? [event.message] : []));
  expect(notices).toEqual([
    "main: 20-home.conf: CopyFiles=/srv/none: the image has no such file or folder, and nothing is copied",
    "main: systemd-repart says: 20-home.conf:6: Unknown key 'Fromat' in section [Partition], ignoring.",
  ]);
  for (const name of await names(join(folder, "out")))
    if (name.startsWith("more")) await rm(join(folder, "out", name), { recursive: true });
});
