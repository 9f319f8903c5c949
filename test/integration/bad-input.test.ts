import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addFiles, caisson, names, project, remove, succeed } from "../support/caisson.ts";

/** What a configuration is when nothing is wrong with it. */
const good = ["[Distribution]", "Distribution=debian", "Release=trixie", "[Output]", "Format=tar", "[Content]"];
const goodText = `${good.join("\n")}\nPackages=apt\n`;

let folder: string;
beforeAll(async () => {
  folder = await project({ "mkosi.conf": goodText });
});
afterAll(() => remove(folder));

interface Mistake {
  name: string;
  /** Replaces a line of `good`, or is added where `line` is not one of them. */
  line?: string;
  by?: string;
  args?: string[];
  code: string;
  exitCode: number;
  /** `FOLDER` stands for the project's. */
  message: string;
  hint?: string;
}

/** Found before any container starts. */
const configuration: Mistake[] = [
  {
    name: "an unknown distribution",
    line: "Distribution=debian",
    by: "Distribution=debain",
    code: "unknown-distribution",
    exitCode: 2,
    message:
      "mkosi.conf:2: Distribution=debain: expected fedora, debian, kali, ubuntu, postmarketos, arch, opensuse, mageia, centos, rhel, rhel-ubi, openmandriva, rocky, alma, azure or custom; did you mean debian?",
  },
  {
    name: "an unknown release",
    line: "Release=trixie",
    by: "Release=trixy",
    code: "unknown-release",
    exitCode: 2,
    message: "mkosi.conf:3: Release=trixy: Debian has bookworm, trixie, forky, sid, stable, testing or unstable",
  },
  {
    name: "an unknown format",
    line: "Format=tar",
    by: "Format=tarr",
    code: "unknown-format",
    exitCode: 2,
    message:
      "mkosi.conf:5: Format=tarr: expected confext, cpio, directory, disk, esp, none, portable, sysext, tar, uki, oci or addon; did you mean tar?",
  },
  {
    name: "an unknown setting",
    by: "Pakcages=vim",
    code: "unknown-setting",
    exitCode: 2,
    message: "mkosi.conf:7: unknown setting Pakcages=; did you mean Packages=?",
  },
  {
    name: "an unknown option",
    args: ["--pakcage=vim", "build"],
    code: "unknown-option",
    exitCode: 2,
    message: "Unknown option --pakcage; did you mean --package?",
  },
  {
    name: "a missing file",
    by: "ExtraTrees=nowhere",
    code: "file-not-found",
    exitCode: 2,
    message: "mkosi.conf:7: ExtraTrees= names 'nowhere', but FOLDER/nowhere does not exist",
  },
];

describe("configuration", () => {
  test.each(configuration)("$name", (mistake) => expectMistake(mistake));
});

/** Found by the worker. */
const repository: Mistake[] = [
  {
    name: "an unknown package",
    by: "Packages=bash-completoin",
    code: "package-not-found",
    exitCode: 1,
    message: "no package is called 'bash-completoin' in debian trixie",
    hint: "Look at Packages= for a misspelling, at Release=, and whether Repositories= has the component.",
  },
  {
    name: "a mirror that is down",
    args: ["--mirror=http://127.0.0.1:60999", "build"],
    code: "mirror-unreachable",
    exitCode: 1,
    message:
      "the mirror does not answer: http://127.0.0.1:60999/debian/dists/trixie/InRelease: connect ECONNREFUSED 127.0.0.1:60999",
    hint: "Look at the network, or name another mirror with Mirror=.",
  },
];

describe("repository", () => {
  test.each(repository)("$name", (mistake) => expectMistake(mistake));
});

test("an output that exists, without -f", async () => {
  await succeed(folder, ["build"]);
  try {
    await expectMistake({
      name: "",
      code: "output-exists",
      exitCode: 1,
      message: "The output image.tar.zst exists already",
    });
  } finally {
    await succeed(folder, ["clean"]);
  }
});

/** The build says exactly this, and delivers nothing. */
async function expectMistake(mistake: Mistake): Promise<void> {
  const lines = mistake.by === undefined ? good : mistaken(mistake);
  await addFiles(folder, { "mkosi.conf": `${lines.join("\n")}\n` });
  const before = await names(folder);
  try {
    const { code, error } = await caisson(folder, mistake.args ?? ["build"]);
    const { code: name, message, hint } = error ?? {};
    expect({ code: name, message, exitCode: code }).toEqual({
      code: mistake.code,
      message: mistake.message.replace("FOLDER", folder),
      exitCode: mistake.exitCode,
    });
    if (mistake.hint !== undefined) expect(hint).toBe(mistake.hint);
    expect(await names(folder)).toEqual(before);
  } finally {
    await addFiles(folder, { "mkosi.conf": goodText });
  }
}

function mistaken({ line, by = "" }: Mistake): string[] {
  return line === undefined ? [...good, by] : good.map((known) => (known === line ? by : known));
}
