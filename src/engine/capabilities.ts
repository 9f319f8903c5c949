import { readFile } from "node:fs/promises";

/** By number (capabilities(7), linux/capability.h). */
const NAMES =
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE".split(
    " ",
  );

/** Capabilities that nothing on this machine can have, as in a virtual machine or container that was made without them. */
export async function missingCapabilities(): Promise<string[]> {
  return parseMissing(await readFile("/proc/self/status", "utf8"));
}

/** From the bounding set of proc(5)'s /proc/pid/status. */
export function parseMissing(status: string): string[] {
  const set = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return NAMES.filter((_, number) => ((set >> BigInt(number)) & 1n) === 0n);
}
