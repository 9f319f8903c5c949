import { execa } from "execa";
import { cli } from "./caisson.ts";

/** What a guest said until its machine ended. */
export interface Guest {
  /** The console, without its colours. */
  console: string;
  /** Lines of the console with `proof: ` in them, from there on. */
  proofs: string[];
  /** The console's end, and what caisson said, for the message of a failure. */
  end: string;
}

export interface BootOptions {
  /** Settings and options of caisson. */
  args?: string[];
  /** Arguments for QEMU. */
  qemu?: string[];
  /** The machine is ended where the console says this; else the guest is to power off by itself. */
  until?: RegExp;
}

/** Emulated, a guest takes two minutes; on a machine that others keep busy, some times that. */
const LIMIT = 10 * 60_000;

/** Boots a project's image in a machine that keeps nothing. Throws with the console's end where it does not end as it should, in time. */
export async function boot(folder: string, { args = [], qemu = [], until }: BootOptions = {}): Promise<Guest> {
  const argv = [cli, "--ephemeral=yes", ...args, "vm", ...(qemu.length > 0 ? ["--", ...qemu] : [])];
  const machine = execa(process.execPath, argv, { cwd: folder, stdin: "ignore", reject: false, timeout: LIMIT });
  const decoder = new TextDecoder();
  let said = "";
  machine.stdout.on("data", (chunk: Buffer) => {
    said += decoder.decode(chunk, { stream: true });
    if (until?.test(plain(said))) machine.kill();
  });
  const { exitCode, timedOut, stderr } = await machine;
  const console = plain(said);
  const end = `${console.slice(-5000)}\n${stderr}`;
  const proofs = console.split("\n").flatMap((line) => /proof: (.*)$/.exec(line)?.[1] ?? []);
  const isDone = until === undefined ? exitCode === 0 : until.test(console);
  if (isDone) return { console, proofs, end };
  const happened = timedOut ? `was still there after ${LIMIT / 1000} s` : `ended with exit code ${exitCode}`;
  throw new Error(`the machine ${happened}:\n${end}`);
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the console's colours
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]|\r/g, "");
}

/** Words for a kernel: nothing but the proof is started after the basic system, and devices may take their time in QEMU's emulation. */
export const proving =
  "systemd.unit=prove.service console=ttyS0 audit=0 systemd.default_device_timeout_sec=300 systemd.default_timeout_start_sec=300";

/** Files of a unit that says `proof: …` on the console for each line that shell commands print, and powers off. */
export function prove(...commands: string[]): Record<string, string> {
  const proofs = ["(", ...commands, ") 2>&1 | sed 's/^/proof: /' > /dev/console"];
  const script = [...proofs, "systemctl poweroff --no-block"];
  return {
    "mkosi.extra/usr/lib/prove": `${script.join("\n")}\n`,
    "mkosi.extra/usr/lib/systemd/system/prove.service": "[Service]\nType=oneshot\nExecStart=sh /usr/lib/prove\n",
  };
}
