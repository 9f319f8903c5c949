import { BuildError } from "../errors.ts";
import type { VmPlan } from "../protocol.ts";
import type { Firmware } from "./firmware.ts";

export interface Machine {
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
const CREDENTIALS = { "firstboot.locale": "C.UTF-8", "firstboot.timezone": "UTC" };

export interface VmFiles {
  disk: string;
  /** Absent for a BIOS, which QEMU has with it. */
  firmware: Firmware | undefined;
  /** This machine's own copy of the firmware's variables. */
  variables: string;
  /** Files with one OEM string each: credentials. */
  credentials: string[];
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
  // Only code in system management mode may write the variables of Secure Boot.
  const secure = plan.firmware === "uefi-secure-boot" && plan.architecture === "x86-64";
  const words = [
    "-machine",
    secure ? `${type},smm=on` : type,
    "-smp",
    String(plan.cpus),
    "-m",
    `${plan.memory}M`,
    "-no-user-config",
  ];
  words.push(...(plan.kvm ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg", "-cpu", "max"]));
  words.push("-nodefaults", "-nographic", "-serial", "mon:stdio");
  if (files.firmware) {
    words.push("-drive", `if=pflash,format=raw,readonly=on,file=${quoted(files.firmware.code)}`);
    words.push("-drive", `if=pflash,format=raw,file=${quoted(files.variables)}`);
    if (secure) words.push("-global", "driver=cfi.pflash01,property=secure,value=on");
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
  const given = plan.credentials.map(({ name }) => name);
  for (const [name, value] of Object.entries(CREDENTIALS))
    if (!given.includes(name)) words.push("-smbios", `type=11,value=io.systemd.credential:${name}=${value}`);
  // A command line can be read by others.
  for (const file of files.credentials) words.push("-smbios", `type=11,path=${quoted(file)}`);
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

export function machine(architecture: string): Machine {
  const found = MACHINES[architecture];
  if (found) return found;
  throw new BuildError(
    "vm-architecture",
    `virtual machines can be started for ${Object.keys(MACHINES).join(" and ")}, not for ${architecture}`,
  );
}
