import { execa } from "execa";
import { cli } from "./caisson.ts";

/** What a guest said, and how its machine ended. */
export interface Guest {
  exitCode: number | undefined;
  /** The console, without its colours. */
  console: string;
  stderr: string;
  /** Lines of the console with `proof: ` in them, from there on. */
  proofs: string[];
}

/** Boots a project's image with `caisson vm ARGUMENTS`, until it powers off. */
export async function boot(folder: string, args: string[], minutes = 15): Promise<Guest> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, ...args, "vm"], {
    cwd: folder,
    stdin: "ignore",
    reject: false,
    timeout: minutes * 60_000,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the console's colours
  const console = stdout.replace(/\u001b\[[0-9;?]*[A-Za-z]|\r/g, "");
  const proofs = console.split("\n").flatMap((line) => /proof: (.*)$/.exec(line)?.[1] ?? []);
  return { exitCode, console, stderr, proofs };
}

/** A kernel command line for QEMU's emulation, where devices take their time. */
export const patience =
  "KernelCommandLine=console=ttyS0 audit=0 systemd.default_device_timeout_sec=900 systemd.default_timeout_start_sec=900";

/** Files of a unit that says `proof: …` on the console for each line that a command prints, and powers off. */
export function prove(command: string): Record<string, string> {
  return {
    "mkosi.extra/usr/lib/prove": `#!/bin/sh\nexec > /dev/console 2>&1\n(\n${command}\n) | sed 's/^/proof: /'\nsystemctl poweroff --no-block\n`,
    "mkosi.extra/usr/lib/systemd/system/prove.service":
      "[Unit]\nAfter=multi-user.target systemd-sysext.service\n[Service]\nType=oneshot\nExecStart=/bin/sh /usr/lib/prove\n[Install]\nWantedBy=multi-user.target\n",
    "mkosi.extra/usr/lib/systemd/system-preset/10-prove.preset":
      "enable prove.service\nenable systemd-sysext.service\n",
  };
}
