import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../errors.ts";
import { SRCDIR, WORK_PATH } from "../protocol.ts";
import { type Bind, BUILDROOT } from "../run.ts";
import { IN_IMAGE } from "./kinds.ts";

/** Where scripts find our commands: the first folder of PATH. */
const COMMANDS_PATH = "/scripts";

/** Commands by name, as the words that they begin with, and what these need to be mounted. */
export interface Commands {
  commands: Record<string, string[]>;
  binds: Bind[];
}

/** Writes the commands that scripts outside of the image find on their PATH: small programs of sh. */
export async function writeCommands(
  folder: string,
  more: Commands | undefined,
  network: boolean,
): Promise<{ path: string; binds: Bind[] }> {
  await mkdir(folder, { recursive: true });
  // For what asks whether it runs in a container (systemd-detect-virt(1)).
  await writeFile(join(folder, "container-manager"), "mkosi");
  const all = { ...ownCommands(network), ...more?.commands };
  for (const [name, words] of Object.entries(all))
    await writeFile(join(folder, name), `#!/bin/sh\nexec ${quote(words)} "$@"\n`, { mode: 0o755 });
  const binds = [{ source: folder, target: COMMANDS_PATH, readOnly: true }, ...(more?.binds ?? [])];
  return { path: COMMANDS_PATH, binds };
}

function ownCommands(network: boolean): Record<string, string[]> {
  const users = Object.fromEntries(
    ["useradd", "groupadd"].map((name) => [name, [`/usr/sbin/${name}`, "--root", BUILDROOT]]),
  );
  return { ...users, "mkosi-chroot": chroot(network) };
}

/** bwrap(1) within bwrap: the image's tree becomes the root, with the script's own folders in it. */
function chroot(network: boolean): string[] {
  const variables = Object.entries(IN_IMAGE).flatMap(([name, value]) => ["--setenv", name, value]);
  return [
    ...["bwrap", "--bind", BUILDROOT, "/", "--bind", "/var/tmp", "/var/tmp", ...kernelMounts("")],
    ...(network && existsSync("/etc/resolv.conf") ? ["--ro-bind-try", "/etc/resolv.conf", "/etc/resolv.conf"] : []),
    ...["--bind", WORK_PATH, WORK_PATH, "--chdir", SRCDIR, "--unshare-ipc", "--cap-add", "ALL"],
    ...[...variables, "--unsetenv", "TMPDIR", "--"],
  ];
}

/** What programs of the tree expect of a running system. */
export function kernelMounts(prefix: string): string[] {
  return [
    ...["--dev", `${prefix}/dev`, "--proc", `${prefix}/proc`, "--ro-bind", "/sys", `${prefix}/sys`],
    ...["--tmpfs", `${prefix}/run`, "--tmpfs", `${prefix}/tmp`, "--dir", `${prefix}/run/user/0`],
    ...["--ro-bind", `${COMMANDS_PATH}/container-manager`, `${prefix}/run/host/container-manager`],
  ];
}
