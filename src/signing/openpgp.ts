import { statSync } from "node:fs";
import { resolve } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import type { ResolvedProject } from "../config/index.ts";
import { UserError } from "../errors.ts";
import { keyringFolder } from "../plan/image/delivery.ts";
import { isDelivered } from "../plan/index.ts";

/**
 * Looks for what Sign= signs with, before a build starts. Throws UserError `keyring-missing`, `openpgp-key-missing`. Of
 * a key's content nothing is read.
 */
export function checkOpenPgp({ images, workingDirectory }: ResolvedProject, environment: NodeJS.ProcessEnv): void {
  for (const { config } of images.filter(isDelivered)) {
    if (!config.Sign || !config.Checksum) continue;
    if (config.OpenPGPTool === "gpg") checkKeyring(resolve(workingDirectory, keyringFolder(config, environment)));
    else checkKey(config.OpenPGPTool, config.Key, workingDirectory);
  }
}

function checkKeyring(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw wrong(
    "keyring-missing",
    `Sign=yes, but there is no keyring of gpg: ${folder} is not a folder`,
    "Set GNUPGHOME to the folder of one, or make a key: gpg --quick-generate-key NAME",
  );
}

function checkKey(tool: string, key: string | undefined, directory: string): void {
  if (key === undefined)
    throw wrong("openpgp-key-missing", `OpenPGPTool=${tool} signs with a key file, and Key= is not set`);
  const path = resolve(directory, key);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw wrong("openpgp-key-missing", `Key= names ${path}, which is not a file`);
}

function wrong(code: string, message: string, hint = "Make a key: sqop generate-key NAME > FILE"): UserError {
  return new UserError(code, message, { exitCode: ExitCode.usage, hint });
}
