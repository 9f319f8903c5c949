import { expect, it } from "vitest";
import { type HelpOption, helpPage } from "../../../src/cli/help.ts";
import { verbs } from "../../../src/cli/verbs.ts";

const rows: HelpOption[] = [
  {
    name: "Format",
    long: "--format",
    short: "-t",
    metavar: "FORMAT",
    takesValue: true,
    flagValue: "yes",
    section: "Output",
    help: "Output format",
  },
  {
    name: "Release",
    long: "--release",
    metavar: "RELEASE",
    takesValue: true,
    flagValue: "yes",
    section: "Distribution",
    help: "Release",
  },
  {
    name: "Output",
    long: "--output",
    metavar: "NAME",
    takesValue: true,
    flagValue: "yes",
    section: "Output",
    help: "Name of the output",
  },
  {
    name: "Autologin",
    long: "--autologin",
    metavar: "BOOL",
    takesValue: false,
    flagValue: "yes",
    section: "Content",
    help: "Log in by itself ".repeat(8).trim(),
  },
  {
    name: "FileOnly",
    metavar: "X",
    takesValue: true,
    flagValue: "yes",
    section: "Config",
    help: "Not on the command line",
  },
];

it("groups settings by section, in the order of the table", () => {
  const page = helpPage(rows, 80);
  expect(page.slice(page.indexOf("Settings of"), page.indexOf("Exit codes"))).toBe(`Settings of [Output]:
  -t, --format=FORMAT           Output format
      --output=NAME             Name of the output

Settings of [Distribution]:
      --release=RELEASE         Release

Settings of [Content]:
      --autologin[=BOOL]        Log in by itself Log in by itself Log in by
                                itself Log in by itself Log in by itself Log in
                                by itself Log in by itself Log in by itself

`);
});

it("names every verb with its help", () => {
  const page = helpPage(rows, 200);
  for (const verb of verbs) expect(page).toContain(verb.help);
});

it("begins with the usage", () => {
  expect(helpPage([]).split("\n")[2]).toBe("Usage: caisson [options] [verb] [-- arguments]");
});
