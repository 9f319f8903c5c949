import type { Scope, Setting } from "../config/settings/setting.ts";
import { showValue } from "../config/values/show.ts";
import type { ValueContext } from "../config/values/value-type.ts";
import type { OwnOption } from "./options.ts";
import type { VerbRow } from "./verbs.ts";

export interface Fact {
  label: string;
  text: string;
}

/** All that help and the reference say of a setting beside its help text, in order. */
export function settingFacts(row: Setting): Fact[] {
  const facts: [label: string, text: string][] = [
    ["Section", `[${row.section}]`],
    ["Option", optionText(row)],
    ["Type", row.kind.replaceAll("_", " ")],
    ["Values", settingWords(row).join(", ") || row.metavar],
    ["Default", defaultText(row)],
    ["Reaches", reaches[row.scope]],
    ["Tools tree", row.inToolsTree ? "may be set in mkosi.tools.conf" : ""],
    ["Set by", filesText(row)],
    ["Specifier", row.specifier === undefined ? "" : `%${row.specifier}`],
    ["Conditions", row.matchable ? "may stand in [Match], [TriggerMatch], [Assert] and [TriggerAssert]" : ""],
    ["Once called", [...row.oldNames.map((name) => `${name}=`), ...row.oldLongs].join(", ")],
    ["Built", builtText(row)],
  ];
  return facts.filter(([, text]) => text !== "").map(([label, text]) => ({ label, text }));
}

const reaches: Readonly<Record<Scope, string>> = {
  local: "the image whose configuration sets it",
  universal: "all images but the tools tree; set for the main image",
  multiversal: "all images and the tools tree; set for the main image",
  inherit: "the image that sets it; from the main image also subimages and the default initrd, which may say otherwise",
  main: "the main image",
  tools: "the default tools tree; set for the main image",
  initrd: "the default initrd; set for the main image",
  "initrd-inherit": "the image that sets it; from the main image also the default initrd, which may say otherwise",
};

/** Words that a value can be; none where there are too many. */
export function settingWords({ type }: Setting): readonly string[] {
  return type.words ?? [];
}

/** `-t, --format=FORMAT`, `--with-docs[=BOOL]`. */
export function optionForm({ long, short, takesValue, flagValue, metavar }: Setting): string {
  const isPlain = short !== undefined && (takesValue || flagValue === "yes");
  return `${isPlain ? `${short}, ` : ""}${long}${takesValue ? `=${metavar}` : `[=${metavar}]`}`;
}

/** A short form that stands for another value than the long form alone: `-T`. */
function otherShort({ short, takesValue, flagValue }: Setting): string {
  return short === undefined || takesValue || flagValue === "yes" ? "" : `${short} means ${flagValue}`;
}

/** `-C, --directory=PATH`. */
export function ownOptionForm({ long, short, metavar }: OwnOption): string {
  return `${short === undefined ? "" : `${short}, `}${long}${metavar === undefined ? "" : `=${metavar}`}`;
}

/** `vm [-- QEMU arguments]`. */
export function verbForm(verb: VerbRow): string {
  return verb.arguments === undefined ? verb.name : `${verb.name} ${verb.arguments}`;
}

function optionText(row: Setting): string {
  const other = otherShort(row);
  return other === "" ? optionForm(row) : `${optionForm(row)}; ${other}`;
}

/** A default that other settings decide takes them as its arguments. */
function defaultText(row: Setting): string {
  if (row.defaultText !== undefined) return row.defaultText;
  if (isComputed(row)) return "depends on other settings";
  return showValue(row.type, (row.fallback as () => unknown)()).join(", ") || "none";
}

export function isComputed({ fallback }: Setting): boolean {
  return fallback.length > 0;
}

function filesText({ files, fileHoldsValue, secret }: Setting): string {
  const names = files.join(", ");
  const what = fileHoldsValue ? `the content of ${names}, or what it prints where it is executable` : names;
  return names === "" || !secret ? names && what : `${what}, which others must not be able to read`;
}

function builtText(row: Setting): string {
  if (row.isBuilt.length === 0) return row.isBuilt(undefined) ? "yes" : "not yet: a build refuses it";
  const words = settingWords(row);
  const built = words.filter((word) => row.isBuilt(row.type.parse(word, undefined, wordContext(row))));
  if (words.length === 0) return "not with every value: a build says which it refuses";
  if (built.length === words.length) return "yes";
  return built.length === 0 ? "not yet: a build refuses it" : `${built.join(", ")}; a build refuses the others`;
}

/** For values that are words, which refer to nothing. */
function wordContext({ name }: Setting): ValueContext {
  const none = () => {
    throw new Error(`a word of ${name}= is taken for a file`);
  };
  const files = { exists: none, isDirectory: none, resolve: none, mode: none, read: none, run: none };
  return {
    setting: name,
    place: "",
    directory: "/",
    environment: {},
    files: { ...files, list: none, identity: none },
    warn: none,
  };
}
