import { readFileSync } from "node:fs";
import { styleText } from "node:util";
import type { ResolvedImage } from "../config/index.ts";
import { readConfiguration } from "./configuration.ts";
import { shownPath } from "./paths.ts";
import type { RunVerb } from "./verb.ts";

/** Prints every configuration file that was read, by image, in the order of reading. */
export const catConfig: RunVerb = async (context) => {
  const { environment, terminal } = context;
  const project = await readConfiguration(context);
  const { images, workingDirectory } = project;
  const color = terminal.stdout.isTTY === true && (environment.NO_COLOR ?? "") === "";
  const data = images.map(({ image, files }) => ({ image, files }));
  return { text: images.map((image) => imageText(image, workingDirectory, color)).join("\n"), data, paged: true };
};

function imageText({ image, files }: ResolvedImage, workingDirectory: string, color: boolean): string {
  const paint = (format: "bold" | "blue", text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const parts = files.map(
    (file) => `${paint("blue", `# ${shownPath(file, workingDirectory)}`)}\n${readFileSync(file, "utf8")}\n`,
  );
  return [`${paint("bold", `### IMAGE: ${image}`)}\n`, ...parts].join("");
}
