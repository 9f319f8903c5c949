import { existsSync, readdirSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { BuildError } from "../errors.ts";
import { type FirmwareVariables, SOURCES_PATH, type Source, type VmPlan } from "../protocol.ts";
import { makeRun } from "../run.ts";
import { byCodeUnit } from "../tree/walk.ts";
import { type Machine, machine } from "./arguments.ts";

/** Descriptions of firmware images (QEMU: docs/interop/firmware.json). */
const DESCRIPTIONS = "/usr/share/qemu/firmware";

export interface Firmware {
  code: string;
  variables: string;
}

const Description = z.object({
  "interface-types": z.array(z.string()),
  mapping: z.object({
    executable: z.object({ filename: z.string() }).optional(),
    "nvram-template": z.object({ filename: z.string(), format: z.string() }).optional(),
  }),
  targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()),
});

type Wanted = Pick<VmPlan, "architecture" | "firmware" | "firmwareVariables">;

/** The installed UEFI firmware for a machine: with Secure Boot, and with Microsoft's keys, where the plan asks for that, and without it else. */
export async function findFirmware(plan: Wanted, folder = DESCRIPTIONS): Promise<Firmware> {
  const names = existsSync(folder) ? readdirSync(folder).sort(byCodeUnit) : [];
  for (const name of names) {
    const found = suitable(JSON.parse(await readFile(join(folder, name), "utf8")), plan, machine(plan.architecture));
    if (found) return found;
  }
  const kind = plan.firmware === "uefi-secure-boot" ? "UEFI firmware with Secure Boot" : "UEFI firmware";
  throw new BuildError("firmware-missing", `the tools image has no ${kind} for ${plan.architecture}`, {
    hint: "see caisson tools list; Debian's packages are ovmf and qemu-efi-aarch64",
  });
}

function suitable(json: unknown, plan: Wanted, { qemu, type }: Machine): Firmware | undefined {
  const { data } = Description.safeParse(json);
  const code = data?.mapping.executable?.filename;
  const variables = data?.mapping["nvram-template"];
  if (!data || !code || variables?.format !== "raw" || !data["interface-types"].includes("uefi")) return undefined;
  const has = (feature: string) => data.features.includes(feature);
  if (has("secure-boot") !== (plan.firmware === "uefi-secure-boot")) return undefined;
  if (has("enrolled-keys") !== (plan.firmwareVariables.kind === "microsoft")) return undefined;
  const fits = data.targets.some(
    (target) => target.architecture === qemu && target.machines.some((each) => each.includes(type)),
  );
  return fits ? { code, variables: variables.filename } : undefined;
}

const OWNER = "605dab50-e046-4300-abb6-3dd810dd8b23";

/** Writes the variables that a machine starts with to `target`, a file in a folder of the machine's own. */
export async function prepareVariables(variables: FirmwareVariables, template: string, target: string): Promise<void> {
  if (variables.kind === "file") return copyFile(sourcePath(variables.file), target);
  if (variables.kind === "custom")
    return changeVariables(template, target, variables.certificate, (certificate) => [
      ...["--enroll-cert", certificate, "--add-db", "OvmfEnrollDefaultKeys", certificate],
      ...["--no-microsoft", "--secure-boot"],
    ]);
  if (variables.kind === "microsoft" && variables.ownerKey)
    return changeVariables(template, target, variables.ownerKey, (key) => ["--add-mok", OWNER, key]);
  return copyFile(template, target);
}

/** virt-fw-vars(1). */
async function changeVariables(
  template: string,
  target: string,
  source: Source,
  wordsFor: (certificate: string) => string[],
): Promise<void> {
  const [input, certificate, output] = ["/run/caisson/template", "/run/caisson/certificate", "/run/caisson/output"];
  const run = makeRun({ onLine: () => undefined, signal: new AbortController().signal });
  const files = ["--input", input, "--output", `${output}/${basename(target)}`];
  await run(["virt-fw-vars", ...files, ...wordsFor(certificate), "--loglevel", "WARNING"], {
    binds: [
      { source: template, target: input, readOnly: true },
      { source: sourcePath(source), target: certificate, readOnly: true },
      { source: dirname(target), target: output },
    ],
  });
}

function sourcePath({ source }: Source): string {
  return join(SOURCES_PATH, source);
}

/** EFI_GLOBAL_VARIABLE as it is stored, and after it the name of the platform key in UTF-16 (UEFI specification, 3.3; edk2: AUTHENTICATED_VARIABLE_HEADER). */
const PLATFORM_KEY = Buffer.concat([
  Buffer.from("61dfe48bca93d211aa0d00e098032b8c", "hex"),
  Buffer.from("PK\0", "utf16le"),
]);

/** Whether firmware has left setup mode: there is a platform key among its variables. */
export async function hasPlatformKey(variables: string): Promise<boolean> {
  return (await readFile(variables)).includes(PLATFORM_KEY);
}
