import { describe, expect, it } from "vitest";
import { parseCommandLine, type SettingOption } from "../../../src/cli/parse.ts";
import { UserError } from "../../../src/errors.ts";

const settings: SettingOption[] = [
  { name: "Format", long: "--format", short: "-t", takesValue: true, flagValue: "yes" },
  { name: "Packages", long: "--package", short: "-p", takesValue: true, flagValue: "yes" },
  { name: "Autologin", long: "--autologin", short: "-a", takesValue: false, flagValue: "yes" },
  { name: "WithDocs", long: "--with-docs", takesValue: false, flagValue: "yes" },
  { name: "WithTests", long: "--with-tests", short: "-T", takesValue: false, flagValue: "no" },
  { name: "Engine", long: "--engine", takesValue: true, flagValue: "yes" },
  { name: "RAM", long: "--ram", oldLongs: ["--qemu-mem"], takesValue: true, flagValue: "yes" },
];

const parse = (...argv: string[]) => parseCommandLine(argv, settings);
const assigned = (...argv: string[]) => parse(...argv).settings.map(({ name, value }) => `${name}=${value}`);

describe("settings", () => {
  it.each([
    [["--format=tar"], ["Format=tar"]],
    [["--format", "tar"], ["Format=tar"]],
    [["--format", "build"], ["Format=build"]],
    [["--format="], ["Format="]],
    [["-t", "tar"], ["Format=tar"]],
    [["-ttar"], ["Format=tar"]],
    [["-t=tar"], ["Format=tar"]],
    [
      ["-p", "a", "--package=b,c"],
      ["Packages=a", "Packages=b,c"],
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
    [["shell", "ls", "--", "-l", "--", "x"], "shell", ["ls", "-l", "--", "x"]],
    [["shell", "-"], "shell", ["-"]],
    [["-f", "tools", "list"], "tools", ["list"]],
  ])("%j", (argv, verb, args) => expect(parse(...argv)).toMatchObject({ verb, arguments: args }));
});

describe("own options", () => {
  it("has defaults", () => {
    expect(parse()).toEqual({
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
      help: false,
      version: false,
    });
  });

  it.each([
    [["-f"], { force: 1 }],
    [["-ff"], { force: 2 }],
    [["-f", "--force", "-f"], { force: 3 }],
    [["-C", "a", "-C", "b"], { directory: "b" }],
    [["-Cdir"], { directory: "dir" }],
    [["--directory="], { directory: "" }],
    [["--engine", "docker"], { engine: "docker" }],
    [
      ["--json", "--explain", "--debug", "--tools-update"],
      { json: true, explain: true, debug: true, toolsUpdate: true },
    ],
    [["-h"], { help: true }],
    [["--version"], { version: true }],
  ])("%j", (argv, expected) => expect(parse(...argv)).toMatchObject(expected));
});

describe("mistakes", () => {
  it.each([
    [["--fromat=tar"], "unknown-option", "Unknown option --fromat; did you mean --format?"],
    [["--xyzzy"], "unknown-option", "Unknown option --xyzzy"],
    [["-x"], "unknown-option", "Unknown option -x"],
    [["biuld"], "unknown-verb", "Unknown verb 'biuld'; did you mean build?"],
    [["frobnicate"], "unknown-verb", "Unknown verb 'frobnicate'"],
    [["--format"], "missing-value", "Option --format needs a value"],
    [["-C"], "missing-value", "Option -C needs a value"],
    [["-t", "--", "x"], "missing-value", "Option -t needs a value"],
    [["--json=yes"], "unexpected-value", "Option --json takes no value, but was given 'yes'"],
    [["summary", "x"], "unexpected-argument", "The verb summary takes no arguments, but was given 'x'"],
    [["build", "--", "x"], "unexpected-argument", "The verb build takes no arguments, but was given 'x'"],
  ])("%j", (argv, code, message) => {
    const error = catchError(() => parse(...argv));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code, message, exitCode: 2 });
  });

  it("names the verbs there are", () => {
    expect(catchError(() => parse("x"))).toMatchObject({
      hint: "Verbs are build, summary, clean, vm, shell, tools, doctor, help",
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
