import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";

const UNITS = "usr/lib/systemd/system";

/** A connection by VSOCK starts a server of its own (systemd.socket(5), Accept=). */
const SOCKET = `[Unit]
Description=SSH Server VSOCK Socket
ConditionVirtualization=!container
Wants=sshd-keygen.target

[Socket]
ListenStream=vsock::22
Accept=yes

[Install]
WantedBy=sockets.target
`;

/** Without PAM, which would ask the name service who the peer of a VSOCK is; 255 is how every session ends. */
const SERVICE = `[Unit]
Description=SSH Server
After=sshd-keygen.target

[Service]
ExecStart=sshd -i -o UsePAM=no
StandardInput=socket
RuntimeDirectoryPreserve=yes
RuntimeDirectory=sshd
SuccessExitStatus=255
`;

/** Where sshd is found. */
const PROGRAMS = ["usr/sbin/sshd", "usr/bin/sshd", "usr/local/sbin/sshd"];

/**
 * Ssh=: units that let a virtual machine's host in by VSOCK. With `auto` only where there is sshd, and systemd before
 * 256, which has systemd-ssh-generator(8) since. Who may log in is told at run time, by a credential.
 */
export async function sshUnits({ image }: Context, root: string): Promise<void> {
  const has = (path: string) => existsSync(join(root, path));
  if (image.ssh === "never" || image.ssh === "runtime") return;
  const isNeeded = !has("usr/lib/systemd/system-generators/systemd-ssh-generator") && PROGRAMS.some(has);
  if (image.ssh === "auto" && !isNeeded) return;
  await mkdir(join(root, UNITS), { recursive: true });
  await mkdir(join(root, "usr/lib/systemd/system-preset"), { recursive: true });
  await writeFile(join(root, UNITS, "ssh.socket"), SOCKET);
  await writeFile(join(root, UNITS, "ssh@.service"), SERVICE);
  await writeFile(join(root, "usr/lib/systemd/system-preset/80-mkosi-ssh.preset"), "enable ssh.socket\n");
}
