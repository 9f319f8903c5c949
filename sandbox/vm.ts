import { spawn } from "node:child_process";
import { constants, existsSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./errors.ts";
import { ExitCode, KVM_DEVICE, OUTPUT_PATH, type VmPlan } from "./protocol.ts";
import { qemuArguments, qemuProgram, type VmFiles } from "./vm/arguments.ts";
import { writeCredentials } from "./vm/credentials.ts";
import { findFirmware, hasPlatformKey, prepareVariables } from "./vm/firmware.ts";
import { INTERNAL_ERROR, type Shutdown, watchShutdown } from "./vm/qmp.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Starts QEMU on a disk image, with its console on this process's terminal, and returns 0 only where the guest powered
 * itself off. Ctrl-A X ends QEMU.
 */
export async function runVm(asked: VmPlan): Promise<number> {
  const disk = join(OUTPUT_PATH, asked.image);
  requireStartable(asked, disk);
  const plan = { ...asked, kvm: asked.kvm && (await isKvmOpen(asked)) };
  const folder = await mkdtemp("/var/tmp/caisson-vm-");
  try {
    const firmware = plan.firmware === "bios" ? undefined : await findFirmware(plan);
    const variables = join(folder, "variables");
    const fresh = async () => firmware && prepareVariables(plan.firmwareVariables, firmware.variables, variables);
    const socket = join(folder, "qmp");
    const terminal = { columns: process.stdout.columns, rows: process.stdout.rows, name: process.env.TERM };
    const credentials = await writeCredentials(plan, folder);
    const files = { disk, firmware, variables, credentials, socket, terminal };
    await fresh();
    const end = await startEnrolled(plan, files);
    if (!plan.kvmFallback || !isBrokenKvm(plan, end)) return verdict(end);
    process.stderr.write("KVM of this machine cannot run the guest; starting again on QEMU's emulation (TCG)\n");
    await fresh();
    return verdict(await startEnrolled({ ...plan, kvm: false }, files));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A boot loader that has put its keys into firmware in setup mode resets the machine: it starts once more, with them. */
async function startEnrolled(plan: VmPlan, files: VmFiles): Promise<End> {
  const start = () => runQemu(plan, qemuArguments(plan, files), files.socket);
  const isSetup = plan.firmware === "uefi-secure-boot" && !(await hasPlatformKey(files.variables));
  const end = await start();
  if (!isSetup || end.shutdown?.reason !== "guest-reset" || !(await hasPlatformKey(files.variables))) return end;
  return start();
}

function requireStartable({ image, format, architecture, firmware }: VmPlan, disk: string): void {
  if (!["disk", "esp", "uki"].includes(format))
    throw new BuildError("vm-format", `${image} has the format ${format}, and only disks and kernels can be started`, {
      hint: "set Format=disk, Format=esp or Format=uki",
      exitCode: ExitCode.usage,
    });
  if (firmware === "bios" && (format !== "disk" || architecture !== "x86-64"))
    throw new BuildError("vm-firmware", `${image} cannot be started from a BIOS, which boots disks of x86-64 alone`, {
      hint: "set Firmware=uefi, or another Bootloader= than none",
      exitCode: ExitCode.usage,
    });
  if (!existsSync(disk))
    throw new BuildError("vm-image-missing", `there is no ${image} in the output directory`, {
      hint: "build the image first: caisson build",
      exitCode: ExitCode.usage,
    });
  if (/\.(zst|xz|gz)$/.test(image))
    throw new BuildError("vm-image-compressed", `${image} is compressed, and QEMU needs it uncompressed`, {
      hint: "set CompressOutput=no and build again",
      exitCode: ExitCode.usage,
    });
}

/**
 * The caller could open /dev/kvm, but perhaps through one of its groups, and a rootless container has those only
 * where the engine passes them on. Throws BuildError `no-kvm` where KVM is asked for.
 */
async function isKvmOpen({ kvmFallback }: VmPlan): Promise<boolean> {
  try {
    await (await open(KVM_DEVICE, constants.O_RDWR)).close();
    return true;
  } catch (cause) {
    const message = `${KVM_DEVICE} cannot be opened in the container (${(cause as NodeJS.ErrnoException).code})`;
    const hint = `rootless containers keep a user's groups with crun and a newer podman; else let the user open it without a group: setfacl -m u:$USER:rw ${KVM_DEVICE}`;
    if (!kvmFallback)
      throw new BuildError("no-kvm", `KVM=yes, but ${message}`, { hint, exitCode: ExitCode.host, cause });
    process.stderr.write(`${message}; starting on QEMU's emulation (TCG), which is slow\n  ${hint}\n`);
    return false;
  }
}

export interface End {
  shutdown: Shutdown | undefined;
  code: number | null;
  signal: string | null;
  seconds: number;
}

/** As long as firmware may take: an image has not been written to yet. */
const FIRMWARE_SECONDS = 30;

/**
 * /dev/kvm can be there, answer, and still not run firmware: nested virtualisation, for one. QEMU then stops with an
 * internal error, or aborts over a register that the kernel does not let it set; or it ends at once, for KVM has no
 * system management mode, which Secure Boot needs.
 */
export function isBrokenKvm(
  { kvm, firmware }: Pick<VmPlan, "kvm" | "firmware">,
  { shutdown, code, signal, seconds }: End,
): boolean {
  const isOver = signal === "SIGABRT" || (firmware === "uefi-secure-boot" && code === 1);
  const isKvms = shutdown === undefined ? isOver : shutdown.reason === INTERNAL_ERROR;
  return kvm && isKvms && seconds < FIRMWARE_SECONDS;
}

/** Directly in this container: QEMU needs the terminal, the network and /dev/kvm, and the guest is its own sandbox. */
async function runQemu(plan: VmPlan, words: string[], socket: string): Promise<End> {
  const start = performance.now();
  const child = spawn(qemuProgram(plan.architecture), words, { stdio: "inherit" });
  const forward = SIGNALS.map((signal) => ({ signal, handler: () => child.kill(signal) }));
  for (const { signal, handler } of forward) process.on(signal, handler);
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once("error", (cause) => reject(notStarted(plan, cause)));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  try {
    const [shutdown, { code, signal }] = await Promise.all([watchShutdown(socket, ended), ended]);
    return { shutdown, code, signal, seconds: (performance.now() - start) / 1000 };
  } finally {
    for (const { signal, handler } of forward) process.off(signal, handler);
  }
}

function notStarted(plan: VmPlan, cause: Error): BuildError {
  const program = qemuProgram(plan.architecture);
  return new BuildError("qemu-missing", `${program} could not be started: ${cause.message}`, {
    hint: "the tools image has no QEMU for this architecture",
    cause,
  });
}

function verdict(end: End): number {
  if (end.shutdown?.reason === "guest-shutdown" && end.code === 0) return ExitCode.done;
  throw new BuildError("vm-not-clean", `the virtual machine did not power off: ${happened(end)}`);
}

function happened({ shutdown, code, signal }: End): string {
  if (shutdown?.reason === INTERNAL_ERROR) return "KVM could not go on with the guest; KVM=no does without";
  if (shutdown?.reason === "guest-reset") return "it was reset by the guest, or its kernel panicked";
  if (shutdown?.reason === "guest-panic") return "its kernel panicked";
  if (shutdown) return `QEMU was ended from outside (${shutdown.reason})`;
  return signal ? `QEMU was ended by ${signal}` : `QEMU ended with exit code ${code}`;
}
