import { copyFile, mkdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Context } from "../context.ts";
import { BuildError, ToolError } from "../errors.ts";
import { stoppedClock } from "./clock.ts";
import { type KeyUse, keyUse, keyWords } from "./keys.ts";

const INPUT = "/run/caisson/unsigned";
const OUTPUT = "/run/caisson/signed";

/** Signs a file that UEFI firmware starts, where the image is signed for Secure Boot, else copies it. Both are files of the volume or the tree. */
export async function signEfi(context: Context, source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const { secureBootKey } = context.image;
  if (secureBootKey === undefined) return copyFile(source, target);
  const use = await keyUse(context, "secure-boot", secureBootKey);
  const output = `${OUTPUT}/${basename(target)}`;
  const binds = [
    { source, target: INPUT, readOnly: true },
    { source: dirname(target), target: OUTPUT },
  ];
  await named(context, () =>
    context.run(signWords(context, use, output), {
      binds: [...binds, ...use.binds],
      environment: { ...use.environment, ...stoppedClock(context.epoch) },
    }),
  );
}

function signWords({ image }: Context, use: KeyUse, output: string): string[] {
  if (image.secureBootTool === "systemd-sbsign")
    return ["/usr/lib/systemd/systemd-sbsign", "sign", ...keyWords(use), `--output=${output}`, INPUT];
  const engine = use.keySource === undefined ? [] : ["--engine", use.keySource.replace(/^engine:/, "")];
  return ["sbsign", "--key", use.key, "--cert", use.certificate, ...engine, "--output", output, INPUT];
}

/** A failure with a key that a token has is, as a rule, one of the token. */
async function named<T>({ image }: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const said = error.output.map((line) => line.trim()).findLast((line) => line !== "") ?? error.message;
    throw new BuildError("signing-failed", `${image.name}: signing for Secure Boot failed: ${said}`, {
      command: error.command,
      tail: error.tail,
      cause: error,
    });
  }
}
