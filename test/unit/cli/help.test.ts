import { describe, expect, it } from "vitest";
import { helpPage } from "../../../src/cli/help.ts";
import { findTopic, topicHelp } from "../../../src/cli/help-topic.ts";
import { optionRows } from "../../../src/cli/options.ts";
import { verbRows } from "../../../src/cli/verbs.ts";
import { type Setting, setting } from "../../../src/config/settings/setting.ts";
import { enumeration } from "../../../src/config/values/enumeration.ts";
import { path } from "../../../src/config/values/paths.ts";
import { boolean, feature, text } from "../../../src/config/values/scalars.ts";

const rows: readonly Setting[] = [
  setting({
    name: "Format",
    section: "Output",
    scope: "local",
    type: enumeration({ noun: "format", values: ["disk", "tar", "uki"] }),
    default: "disk",
    long: "--format",
    short: "-t",
    specifier: "t",
    matchable: true,
    built: (value) => value !== "uki",
    help: "Output format",
  }),
  setting({
    name: "Release",
    section: "Distribution",
    scope: "universal",
    type: text,
    default: (get): string => String(get),
    long: "--release",
    help: "Release",
  }),
  setting({
    name: "Output",
    section: "Output",
    scope: "inherit",
    type: text,
    long: "--output",
    metavar: "NAME",
    oldNames: ["OutputName"],
    oldLongs: ["--output-name"],
    built: "later",
    help: "Name of the output",
  }),
  setting({
    name: "Autologin",
    section: "Content",
    scope: "local",
    type: boolean,
    long: "--autologin",
    help: "Log in by itself ".repeat(8).trim(),
  }),
  setting({
    name: "WithTests",
    section: "Build",
    scope: "main",
    type: boolean,
    default: true,
    long: "--with-tests",
    short: "-T",
    flagValue: "no",
    inToolsTree: true,
    help: "Run tests",
  }),
  setting({
    name: "Secret",
    section: "Build",
    scope: "tools",
    type: path({ secret: true }),
    long: "--secret",
    hidden: true,
    secret: true,
    files: ["mkosi.secret"],
    fileHoldsValue: true,
    defaultText: "what is left",
    help: "Not in the help page",
  }),
  setting({
    name: "Tpm",
    section: "Build",
    scope: "main",
    type: feature,
    long: "--tpm",
    help: "TPM",
    built: (v) => v === "disabled",
  }),
];

describe("the help page", () => {
  it("groups settings by section, in the order of the table", () => {
    const page = helpPage(rows, 80);
    expect(page.slice(page.indexOf("Settings of"), page.indexOf("'caisson help SETTING'"))).toBe(`Settings of [Output]:
  -t, --format=FORMAT           Output format
      --output=NAME             Name of the output

Settings of [Distribution]:
      --release=TEXT            Release

Settings of [Content]:
      --autologin[=BOOL]        Log in by itself Log in by itself Log in by
                                itself Log in by itself Log in by itself Log in
                                by itself Log in by itself Log in by itself

Settings of [Build]:
      --with-tests[=BOOL]       Run tests
      --tpm[=FEATURE]           TPM

`);
  });

  it("names every verb with its help, and those apart that there are not yet", () => {
    const [done, later] = helpPage(rows, 200).split("Verbs of mkosi that Caisson does not have yet:");
    for (const verb of verbRows) expect(verb.later ? later : done).toContain(verb.help);
  });

  it("names every option that all verbs take", () => {
    const page = helpPage([], 200);
    const shown = optionRows.filter(({ long }) => page.includes(`  ${long}`) || page.includes(`, ${long}`));
    expect(shown).toEqual(optionRows.filter(({ verbs, gone }) => verbs === undefined && !gone));
  });

  it("begins with the usage", () => {
    expect(helpPage([]).split("\n")[2]).toBe("Usage: caisson [options] [verb] [-- arguments]");
  });
});

describe("help about one thing", () => {
  const about = (word: string) => topicHelp(findTopic(word, rows), 100);

  it.each(["Format", "format=", "FORMAT", "--format", "--Format=", "-t"])("%s is the setting Format", (word) => {
    expect(about(word)).toBe(`Format=

  Output format

  Section       [Output]
  Option        -t, --format=FORMAT
  Type          enum
  Values        disk, tar, uki
  Default       disk
  Reaches       the image whose configuration sets it
  Specifier     %t
  Conditions    may stand in [Match], [TriggerMatch], [Assert] and [TriggerAssert]
  Built         disk, tar; a build refuses the others
`);
  });

  it.each(["OutputName", "--output-name"])("%s is an old name", (word) => {
    expect(about(word)).toBe(`Output=

  Name of the output

  Section       [Output]
  Option        --output=NAME
  Type          string
  Values        NAME
  Default       none
  Reaches       the image that sets it; from the main image also subimages and the default initrd,
                which may say otherwise
  Once called   OutputName=, --output-name
  Built         not yet: a build refuses it
`);
  });

  it.each([
    ["Release", "  Default       depends on other settings\n"],
    ["Secret", "  Default       what is left\n"],
    [
      "Secret",
      "  Set by        the content of mkosi.secret, or what it prints where it is executable, which others\n" +
        "                must not be able to read\n",
    ],
    ["WithTests", "  Option        --with-tests[=BOOL]; -T means no\n"],
    ["WithTests", "  Default       yes\n"],
    ["WithTests", "  Tools tree    may be set in mkosi.tools.conf\n"],
    ["WithTests", "  Values        yes, no\n"],
    ["Tpm", "  Values        auto, yes, no\n"],
    ["Tpm", "  Built         no; a build refuses the others\n"],
  ])("%s: %s", (word, line) => expect(about(word)).toContain(line));

  it("tells of a verb with its own options", () => {
    expect(about("fmt")).toBe(`Usage: caisson [options] fmt [FILE...]

  Write configuration files in the one format

Options of fmt:
      --check                   Write nothing; fail where a file is not as it would be written

'caisson help' lists the options that all verbs take.
`);
  });

  it("tells of a verb's other name, and of one that is not there yet", () => {
    expect(about("qemu")).toContain("\nAlso called qemu\n");
    expect(about("ssh")).toContain("\nCaisson does not have this verb of mkosi yet.\n");
  });

  it("tells of an option that is no setting", () => {
    expect(about("-C")).toBe(
      "  -C, --directory=PATH          Work in this directory; empty: read no configuration files\n",
    );
  });

  it.each([
    ["Fromat", "There is no setting, option or verb 'Fromat'; did you mean Format?"],
    ["--fromat", "There is no setting, option or verb '--fromat'; did you mean --format?"],
    ["sumary", "There is no setting, option or verb 'sumary'; did you mean summary?"],
    ["xyzzyxyzzy", "There is no setting, option or verb 'xyzzyxyzzy'"],
  ])("%s", (word, message) => {
    expect(() => about(word)).toThrow(expect.objectContaining({ code: "unknown-topic", message, exitCode: 2 }));
  });
});
