import { execa } from "execa";
import { cli } from "./caisson.ts";

/** Files of an image that says on the console what it was booted by, and powers off. */
export const proofFiles: Record<string, string> = {
  "mkosi.extra/usr/lib/systemd/system/proof.service": [
    "[Service]",
    "Type=oneshot",
    "ExecStart=sh /usr/lib/proof",
    "ExecStart=systemctl --no-block poweroff",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n"),
  "mkosi.extra/usr/lib/proof": [
    "firmware=BIOS",
    "if [ -d /sys/firmware/efi ]; then firmware=UEFI; fi",
    'echo "proof: $firmware, root $(findmnt -no FSTYPE /), $(cat /proc/cmdline)" > /dev/console',
    "",
  ].join("\n"),
  "mkosi.extra/usr/lib/systemd/system-preset/00-proof.preset": "enable proof.service\n",
};

/** Starts the folder's image in a virtual machine that keeps nothing; gives back its proof, and the console before it. */
export async function bootProof(folder: string, options: string[], words: string[] = []) {
  const argv = [cli, "--ephemeral", "--ram=1G", ...options, "vm", "--", ...words];
  const { exitCode, stdout, stderr } = await execa(process.execPath, argv, {
    cwd: folder,
    stdin: "ignore",
    reject: false,
    timeout: 10 * 60_000,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the console's colours
  const console = stdout.replace(/\u001b\[[0-9;?]*[A-Za-z]|\r/g, "");
  const proof = /^.*proof: (.*)$/m.exec(console)?.[1];
  return { exitCode, proof, said: `${console.slice(-4000)}\n${stderr}` };
}
