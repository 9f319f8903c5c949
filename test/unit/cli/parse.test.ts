import { describe, expect, it } from "vitest";
import { optionRows } from "../../../src/cli/options.ts";
import { parseCommandLine, type SettingOption } from "../../../src/cli/parse.ts";
import { verbRows } from "../../../src/cli/verbs.ts";
import { settings as allSettings } from "../../../src/config/settings/index.ts";
import { UserError } from "../../../src/errors.ts";

const row = (name: string, long: string, more: Partial<SettingOption> = {}): SettingOption => ({
  name,
  long,
  oldLongs: [],
  takesValue: true,
  flagValue: undefined,
  ...more,
});

const settings: SettingOption[] = [
  row("Format", "--format", { short: "-t" }),
  row("Packages", "--package", { short: "-p" }),
  row("Autologin", "--autologin", { short: "-a", takesValue: false, flagValue: "yes" }),
  row("WithDocs", "--with-docs", { takesValue: false, flagValue: "yes" }),
  row("WithTests", "--with-tests", { short: "-T", takesValue: false, flagValue: "no" }),
  row("Engine", "--engine"),
  row("RAM", "--ram", { oldLongs: ["--qemu-mem"] }),
];

const parse = (...argv: string[]) => parseCommandLine(argv, settings);
const assigned = (...argv: string[]) => parse(...argv).settings.map(({ name, value }) => `${name}=${value}`);

describe("settings", () => {
  it.each([
    [["--format=tar"], ["Format=tar"]],
    [["--format", "tar"], ["Format=tar"]],
    [["--format", "build"], ["Format=build"]],
    [["--format="], ["Format="]],
    [["--package", ""], ["Packages="]],
    [["-p", ""], ["Packages="]],
    [["--package=a=b"], ["Packages=a=b"]],
    [["-t", "tar"], ["Format=tar"]],
    [["-ttar"], ["Format=tar"]],
    [["-t=tar"], ["Format=tar"]],
    [
      ["-p", "a", "--package=b,c"],
      ["Packages=a", "Packages=b,c"],
    ],
    [
      ["--package=a", "--package=", "-pb"],
      ["Packages=a", "Packages=", "Packages=b"],
    ],
    [["--autologin"], ["Autologin=yes"]],
    [["--autologin", "no"], ["Autologin=no"]],
    [["--autologin=no"], ["Autologin=no"]],
    [["--autologin", "build"], ["Autologin=yes"]],
    [["--autologin", "-f"], ["Autologin=yes"]],
    [["-a", "build"], ["Autologin=yes"]],
    [
      ["-fat", "tar"],
      ["Autologin=yes", "Format=tar"],
    ],
    [["-T"], ["WithTests=no"]],
    [["--with-tests"], ["WithTests=yes"]],
    [["--with-tests=no"], ["WithTests=no"]],
    [["--with-docs=maybe"], ["WithDocs=maybe"]],
    [["--qemu-mem=2G"], ["RAM=2G"]],
    [["build", "--format", "tar"], ["Format=tar"]],
  ])("%j", (argv, expected) => expect(assigned(...argv)).toEqual(expected));

  it.each([
    [["-t", "tar"], "-t tar"],
    [["-ttar"], "-ttar"],
    [["--qemu-mem=1"], "--qemu-mem=1"],
    [["--autologin"], "--autologin"],
    [["--autologin", "no"], "--autologin no"],
  ])("keeps how %j was written", (argv, raw) => {
    expect(parse(...argv).settings).toMatchObject([{ raw, source: "command line" }]);
  });
});

describe("verbs and arguments", () => {
  it.each([
    [[], "build", []],
    [["summary"], "summary", []],
    [["vm", "--", "-m", "4G"], "vm", ["-m", "4G"]],
    [["qemu"], "vm", []],
    [["shell", "ls", "--", "-l", "--", "x"], "shell", ["ls", "-l", "--", "x"]],
    [["shell", "-"], "shell", ["-"]],
    [["-f", "tools", "list"], "tools", ["list"]],
    [["--", "summary"], "summary", []],
    [["summary", "--"], "summary", []],
    [["dependencies", "--", "--profile=devel"], "dependencies", ["--profile=devel"]],
    [["-h"], "help", []],
    [["vm", "--help"], "help", ["vm"]],
    [["qemu", "--help"], "help", ["vm"]],
    [["ssh", "--help"], "help", ["ssh"]],
    [["help", "Format", "-h"], "help", ["Format"]],
  ])("%j", (argv, verb, args) => expect(parse(...argv)).toMatchObject({ verb, arguments: args }));
});

describe("own options", () => {
  it("has defaults", () => {
    expect(parse()).toMatchObject({
      verb: "build",
      arguments: [],
      settings: [],
      force: 0,
      directory: ".",
      engine: undefined,
      json: false,
      explain: false,
      debug: false,
      toolsUpdate: false,
      version: false,
      warnings: [],
      options: { force: 0, directory: undefined, json: false, noPager: false, check: false, docFormat: undefined },
    });
  });

  it("has a value for each row of the table", () => {
    expect(Object.keys(parse().options)).toEqual(optionRows.map(({ id }) => id));
  });

  it.each([
    [["-f"], { force: 1 }],
    [["-ff"], { force: 2 }],
    [["-f", "--force", "-f"], { force: 3 }],
    [["-Cdir"], { directory: "dir" }],
    [["-C", "a", "-C", "b"], { directory: "a/b" }],
    [["-C", "a", "-C", "/b"], { directory: "/b" }],
    [["-C", "a", "-C", ".."], { directory: "." }],
    [["--directory="], { directory: "" }],
    [["--engine", "docker"], { engine: "docker" }],
    [
      ["--json", "--explain", "--debug", "--tools-update"],
      { json: true, explain: true, debug: true, toolsUpdate: true },
    ],
    [["--version"], { version: true }],
    [["--no-pager", "summary"], { options: { noPager: true } }],
    [["summary", "--origins"], { options: { origins: true } }],
    [["fmt", "--check"], { options: { check: true } }],
    [["--check", "fmt"], { options: { check: true } }],
    [["documentation", "--doc-format=man"], { options: { docFormat: "man" } }],
    [["-wR", "--debug-shell", "summary"], { options: { wipeBuildDirectory: true, rerunBuildScripts: true } }],
  ])("%j", (argv, expected) => expect(parse(...argv)).toMatchObject(expected));

  it("an option of a verb hides a setting's of the same name, for this verb", () => {
    expect(parse("--format", "sarif", "lint")).toMatchObject({ settings: [], options: { format: "sarif" } });
    expect(parse("--format", "tar", "summary")).toMatchObject({
      settings: [{ name: "Format", value: "tar" }],
      options: { format: undefined },
    });
    expect(parse("-t", "tar", "lint").settings).toMatchObject([{ name: "Format", value: "tar" }]);
  });

  // The words are read before the verb is known.
  it.each(optionRows.filter(({ verbs }) => verbs !== undefined).map((own) => [own.long, own] as const))(
    "%s takes a value as a setting's option of the same name does",
    (long, own) => {
      for (const setting of allSettings.filter((row) => row.long === long))
        expect(setting.takesValue).toBe(own.takes === "value");
    },
  );

  it("names verbs that there are", () => {
    const names = verbRows.map(({ name }) => name);
    for (const { verbs = [] } of optionRows) for (const verb of verbs) expect(names).toContain(verb);
  });
});

describe("warnings", () => {
  it.each([
    [["--qemu-mem=1G"], "--qemu-mem is deprecated, it is --ram now"],
    [["--nspawn-keep-unit"], "--nspawn-keep-unit is not supported any more and has no effect"],
    [["--default", "x"], "--default is not supported any more and has no effect"],
    [["--cache=x"], "--cache is not supported any more and has no effect"],
    [["--runtime-scratch=x"], "--runtime-scratch is not supported any more and has no effect"],
  ])("%j", (argv, warning) => expect(parse(...argv).warnings).toEqual([warning]));
});

describe("mistakes", () => {
  it.each([
    [["--fromat=tar"], "unknown-option", "Unknown option --fromat; did you mean --format?"],
    [["--xyzzy"], "unknown-option", "Unknown option --xyzzy"],
    [["-x"], "unknown-option", "Unknown option -x"],
    [["biuld"], "unknown-verb", "Unknown verb 'biuld'; did you mean build?"],
    [["frobnicate"], "unknown-verb", "Unknown verb 'frobnicate'"],
    [["--", "-l"], "unknown-verb", "Unknown verb '-l'"],
    [["--format"], "missing-value", "Option --format needs a value"],
    [["-C"], "missing-value", "Option -C needs a value"],
    [["-t", "--", "x"], "missing-value", "Option -t needs a value"],
    [["--json=yes"], "unexpected-value", "Option --json takes no value, but was given 'yes'"],
    [["summary", "x"], "unexpected-argument", "The verb summary takes no arguments, but was given 'x'"],
    [["--check", "build"], "option-not-for-verb", "Option --check belongs to fmt, not to build"],
    [["lint", "--format=jsn"], "invalid-value", "--format=jsn: expected text, json, sarif; did you mean json?"],
    [["documentation", "--doc-format", "x"], "invalid-value", "--doc-format x: expected auto, markdown, man, system"],
    [["ssh"], "verb-unsupported", "Caisson does not have mkosi's verb ssh yet"],
    [["sandbox", "--", "ls"], "verb-unsupported", "Caisson does not have mkosi's verb box yet"],
    [
      ["--debug-sandbox", "vm"],
      "not-built-yet",
      "Caisson does not do what --debug-sandbox asks for yet: run each tool under strace",
    ],
  ])("%j", (argv, code, message) => {
    const error = catchError(() => parse(...argv));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code, message, exitCode: 2 });
  });

  it("names the verbs there are", () => {
    expect(catchError(() => parse("x"))).toMatchObject({
      hint: expect.stringMatching(/^Verbs are build, summary, (?!.*ssh).*, help$/),
    });
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
