import { shorten } from "../config/values/value-type.ts";
import type { Explanation, Missed, Step } from "./explanation.ts";

/** An explanation for people. */
export function explanationText(explanation: Explanation): string {
  const { setting, image, isDefault, assignments, handedDown, passedOver } = explanation;
  const parts = [
    [`${setting}= of the image ${image}`, ...valueLines(explanation)],
    ...(assignments.length === 0 ? [] : [["Set, in the order read:", ...assignments.flatMap(stepLines)]]),
    ...(handedDown.length === 0 ? [] : [["Handed down:", ...handedDown.map(handedDownLine)]]),
    ...(passedOver.length === 0 ? [] : [["Passed over:", ...passedOver.flatMap(missedLines)]]),
    ...(isDefault && assignments.length === 0 ? [["Nothing sets it"]] : []),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function valueLines({ value, isDefault, default: fallback }: Explanation): string[] {
  const [first = "not set", ...rest] = value;
  return [
    `  value:    ${first}${isDefault ? " (the default)" : ""}`,
    ...rest.map((item) => `            ${item}`),
    `  default:  ${fallback}`,
  ];
}

const effects = { counts: "", resets: " (resets what was before)", overridden: " (overridden)" };

function stepLines({ where, text, effect, conditions }: Step): string[] {
  const shown = text === undefined || text === "" ? "" : `  ${shorten(text.trim(), 100)}`;
  return [
    `  ${where}${shown}${effects[effect]}`,
    ...conditions.map((condition) => `    since ${condition.where}: ${condition.text}`),
  ];
}

function handedDownLine({ image, from }: Explanation["handedDown"][number]): string {
  return `  from the image ${image}${from.length === 0 ? ", where it has its default" : `: ${from.join(", ")}`}`;
}

function missedLines({ where, text, because }: Missed): string[] {
  const place = because.where === undefined ? "" : `${because.where}: `;
  const denial = because.where === undefined ? "" : " does not hold";
  return [`  ${where}  ${shorten(text.trim(), 100)}`, `    since ${place}${because.text}${denial}`];
}
