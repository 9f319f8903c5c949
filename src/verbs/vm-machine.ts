import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import type { VmPlan } from "../../sandbox/protocol.ts";
import type { Config } from "../config/index.ts";
import type { Credential } from "../config/values/credentials.ts";
import { UserError } from "../errors.ts";
import type { Sources } from "../plan/sources.ts";
import { CommandError } from "../process/command-error.ts";
import { runSync } from "../process/run-sync.ts";

/** A BIOS for an image that has nothing for other firmware; Secure Boot where the image is signed for it, or variables are named that only matter then. */
export function firmwareOf(config: Config): VmPlan["firmware"] {
  if (config.Firmware === "uefi-secure-boot") return "uefi-secure-boot";
  if (config.Firmware !== "auto") return "uefi";
  if (config.Bootloader === "none" && config.BiosBootloader === "grub") return "bios";
  const isNative = config.Architecture === "x86-64";
  return isNative && (config.SecureBoot || config.FirmwareVariables !== undefined) ? "uefi-secure-boot" : "uefi";
}

/** Throws UserError `certificate-missing`, where variables are to hold a certificate and there is none. */
export function variablesOf(config: Config, sources: Sources): VmPlan["firmwareVariables"] {
  const { FirmwareVariables: variables } = config;
  if (variables === undefined) return { kind: "empty" };
  if (variables === "microsoft") return { kind: "microsoft" };
  if (variables === "custom") return { kind: "custom", certificate: certificate(config, sources) };
  if (variables === "microsoft-mok") return { kind: "microsoft", ownerKey: certificate(config, sources) };
  return { kind: "file", file: sources.source("firmware-variables", variables) };
}

function certificate(config: Config, sources: Sources) {
  const { SecureBootCertificate: path, SecureBootCertificateSource: source, FirmwareVariables: variables } = config;
  if (path !== undefined && source.type === "file") return sources.source("secure-boot-certificate", path);
  const missing = path === undefined ? "is not set, and there is no mkosi.crt" : "is no file";
  throw new UserError(
    "certificate-missing",
    `FirmwareVariables=${variables} puts a certificate into the firmware, but SecureBootCertificate= ${missing}`,
    { hint: "Make a key and a certificate with: caisson genkey" },
  );
}

/** Files that can be run print their credential. */
export function credentialsOf({ Credentials: given }: Config, sources: Sources): VmPlan["credentials"] {
  return given.map(({ name, value, path }: Credential) => {
    if (path === undefined) return { name, value: value ?? "" };
    if (!isExecutable(path)) return { name, value: sources.secret("credential", path) };
    return { name, value: printed(path) };
  });
}

function printed(path: string): string {
  try {
    return runSync(path, [], { directory: dirname(path), environment: process.env, timeout: 60_000 });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError("credential-failed", `Credentials= names ${path}, which failed: ${error.message}`, {
      hint: "A file that can be run has to print the credential; chmod -x makes its content the credential",
      cause: error,
    });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
