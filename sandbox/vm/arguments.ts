import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BuildError } from "../errors.ts";
import type { VmPlan } from "../protocol.ts";
import { byCodeUnit } from "../tree/walk.ts";

/** Descriptions of firmware images (QEMU: docs/interop/firmware.json). */
const DESCRIPTIONS = "/usr/share/qemu/firmware";

interface Machine {
  /** As QEMU calls the architecture. */
  qemu: string;
  type: string;
  /** Where the serial line that `-nographic` connects to the terminal is in the guest. */
  console: string;
}

const MACHINES: Record<string, Machine> = {
  "x86-64": { qemu: "x86_64", type: "q35", console: "ttyS0" },
  arm64: { qemu: "aarch64", type: "virt", console: "ttyAMA0" },
};

/** Answers to what an image asks at its first boot, where it does not know: it would wait for somebody to type (systemd-firstboot(1)). */
const CREDENTIALS = ["firstboot.locale=C.UTF-8", "firstboot.timezone=UTC"];

export interface Firmware {
  code: string;
  variables: string;
}

export interface VmFiles {
  disk: string;
  /** Absent for a BIOS, which QEMU has with it. */
  firmware: Firmware | undefined;
  /** This machine's own copy of the firmware's variables. */
  variables: string;
  /** Path of the socket on which QEMU reports. */
  socket: string;
  /** What the guest's console should know of the terminal; nothing where there is none. */
  terminal: { columns: number | undefined; rows: number | undefined; name: string | undefined };
}

export function qemuProgram(architecture: string): string {
  return `qemu-system-${machine(architecture).qemu}`;
}

/** qemu-system(1). */
export function qemuArguments(plan: VmPlan, files: VmFiles): string[] {
  const { type } = machine(plan.architecture);
  const words = ["-machine", type, "-smp", String(plan.cpus), "-m", `${plan.memory}M`, "-no-user-config"];
  words.push(...(plan.kvm ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg", "-cpu", "max"]));
  words.push("-nodefaults", "-nographic", "-serial", "mon:stdio");
  if (files.firmware) {
    words.push("-drive", `if=pflash,format=raw,readonly=on,file=${quoted(files.firmware.code)}`);
    words.push("-drive", `if=pflash,format=raw,file=${quoted(files.variables)}`);
  }
  // UEFI firmware starts a unified kernel image as it would start it from an ESP.
  if (plan.format === "uki") words.push("-kernel", files.disk);
  else words.push("-drive", diskDrive(plan, files.disk), "-device", "virtio-blk-pci,drive=disk,bootindex=1");
  words.push("-nic", "user,model=virtio-net-pci");
  words.push("-object", "rng-random,filename=/dev/urandom,id=rng", "-device", "virtio-rng-pci,rng=rng");
  // A reset ends QEMU: a kernel that panics on every boot would otherwise go on for ever.
  words.push("-no-reboot", "-qmp", `unix:${quoted(files.socket)},server=on,wait=off`);
  // Both systemd-stub and systemd-boot read one of them (systemd-stub(7), systemd-boot(7)).
  const extra = quoted(guestWords(plan.architecture, files.terminal).join(" "));
  for (const reader of ["stub", "boot"])
    words.push("-smbios", `type=11,value=io.systemd.${reader}.kernel-cmdline-extra=${extra}`);
  for (const credential of CREDENTIALS) words.push("-smbios", `type=11,value=io.systemd.credential:${credential}`);
  return [...words, ...plan.arguments];
}

function diskDrive({ ephemeral }: VmPlan, disk: string): string {
  const words = ["if=none", "id=disk", "format=raw", "discard=unmap", `file=${quoted(disk)}`];
  // Nothing that is thrown away anyway needs to be on the platter.
  if (ephemeral) words.push("snapshot=on", "cache=unsafe");
  return words.join(",");
}

/** Appended to the guest's kernel command line, so that any image has its console on the terminal. */
function guestWords(architecture: string, { columns, rows, name }: VmFiles["terminal"]): string[] {
  const words = [`console=${machine(architecture).console}`, "rw", "panic=-1"];
  if (name) words.push(`systemd.tty.term.console=${name}`);
  if (columns && rows) words.push(`systemd.tty.columns.console=${columns}`, `systemd.tty.rows.console=${rows}`);
  return words;
}

/** QEMU separates options by commas; a doubled one is a comma. */
function quoted(value: string): string {
  return value.replaceAll(",", ",,");
}

function machine(architecture: string): Machine {
  const found = MACHINES[architecture];
  if (found) return found;
  throw new BuildError(
    "vm-architecture",
    `virtual machines can be started for ${Object.keys(MACHINES).join(" and ")}, not for ${architecture}`,
  );
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

/** The installed UEFI firmware for an architecture, without Secure Boot and without keys. */
export async function findFirmware(architecture: string, folder = DESCRIPTIONS): Promise<Firmware> {
  const names = existsSync(folder) ? readdirSync(folder).sort(byCodeUnit) : [];
  for (const name of names) {
    const found = suitable(JSON.parse(await readFile(join(folder, name), "utf8")), machine(architecture));
    if (found) return found;
  }
  throw new BuildError("firmware-missing", `the tools image has no UEFI firmware for ${architecture}`, {
    hint: "see caisson tools list; Debian's packages are ovmf and qemu-efi-aarch64",
  });
}

function suitable(json: unknown, { qemu, type }: Machine): Firmware | undefined {
  const { data } = Description.safeParse(json);
  const code = data?.mapping.executable?.filename;
  const variables = data?.mapping["nvram-template"];
  if (!data || !code || variables?.format !== "raw" || !data["interface-types"].includes("uefi")) return undefined;
  if (data.features.includes("secure-boot") || data.features.includes("enrolled-keys")) return undefined;
  const fits = data.targets.some(
    (target) => target.architecture === qemu && target.machines.some((each) => each.includes(type)),
  );
  return fits ? { code, variables: variables.filename } : undefined;
}
