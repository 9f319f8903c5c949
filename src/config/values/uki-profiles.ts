import { type Assignment, parseIni } from "../ini.ts";
import { dictionary, type List, list, textList } from "./collections.ts";
import { orList } from "./enumeration.ts";
import type { Form } from "./form.ts";
import { didYouMean } from "./near.ts";
import { readPath } from "./read-path.ts";
import { boolean } from "./scalars.ts";
import type { ValueContext } from "./value-type.ts";

/** An entry of a unified kernel image beside the first. */
export interface UkiProfile {
  /** Fields of its `.profile` section. */
  profile: Record<string, string>;
  /** Added to the kernel command line. */
  cmdline: string[];
  signExpectedPcr: boolean;
}

const profile: Form = {
  kind: "object",
  parts: {
    profile: { kind: "dictionary" },
    cmdline: { kind: "list", item: { kind: "text" } },
    signExpectedPcr: { kind: "boolean" },
  },
};

/** Files with a section [UKIProfile]. */
export const ukiProfiles: List<UkiProfile> = list<UkiProfile>({
  metavar: "PATH",
  item: profile,
  read: readProfile,
  show: showProfile,
});

/** `ID=debug TITLE=Debug: systemd.debug_shell`. */
function showProfile({ profile: fields, cmdline }: UkiProfile): string {
  const names = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return [names.join(" "), cmdline.join(" ")].filter((part) => part !== "").join(": ");
}

const fields = dictionary("line");
const commandLine = textList({ separator: "blank" });
const names = ["Profile", "Cmdline", "SignExpectedPcr"] as const;

function readProfile(text: string, context: ValueContext): UkiProfile {
  const path = readPath(text, { required: true }, context);
  let value: UkiProfile = { profile: {}, cmdline: [], signExpectedPcr: true };
  for (const section of parseIni(context.files.read(path), path)) {
    if (section.name === "UKIProfile") for (const found of section.assignments) value = assign(value, found, context);
    else if (!section.name.startsWith("X-"))
      context.warn("unknown-section", `${path}:${section.line}: [${section.name}] is ignored, expected [UKIProfile]`);
  }
  return value;
}

function assign(value: UkiProfile, { key, value: text, file, line }: Assignment, outer: ValueContext): UkiProfile {
  const context = { ...outer, setting: key, place: `${file}:${line}` };
  switch (key) {
    case "Profile":
      return { ...value, profile: fields.parse(text, value.profile, context) ?? {} };
    case "Cmdline":
      return { ...value, cmdline: commandLine.parse(text, value.cmdline, context) ?? [] };
    case "SignExpectedPcr":
      return { ...value, signExpectedPcr: boolean.parse(text, undefined, context) ?? true };
  }
  const expected = `expected ${orList(names)}${didYouMean(key, names)}`;
  outer.warn("unknown-setting", `${file}:${line}: ${key}= is ignored, ${expected}`);
  return value;
}
