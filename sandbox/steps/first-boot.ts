import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BUILDROOT } from "../run.ts";
import { sha256 } from "../tree/hash.ts";

interface Setting {
  option: string;
  /** systemd.system-credentials(7): what sets the same where /etc is empty at boot. */
  credential?: string;
  value: string | undefined;
}

/** systemd-firstboot(1): locale, keymap, time zone, host name, root's password and shell. */
export async function firstBoot(context: Context, root: string): Promise<void> {
  // Nothing boots a portable service.
  if (context.image.format === "portable") return;
  const given = (await settings(context)).filter((setting) => setting.value !== undefined);
  if (given.length === 0) return;
  const options = given.flatMap(({ option, value = "" }) => [option, value]);
  await context.run(["systemd-firstboot", `--root=${BUILDROOT}`, "--force", ...options], { root });
  if (!context.image.makeInitrd) await writeCredentials(root, given);
}

async function settings(context: Context): Promise<Setting[]> {
  const { image } = context;
  return [
    { option: "--locale", credential: "firstboot.locale", value: image.locale },
    { option: "--locale-messages", credential: "firstboot.locale-messages", value: image.localeMessages },
    { option: "--keymap", credential: "firstboot.keymap", value: image.keymap },
    { option: "--timezone", credential: "firstboot.timezone", value: image.timezone },
    { option: "--hostname", value: image.hostname },
    { option: "--root-password-hashed", credential: "passwd.hashed-password.root", value: await passwordHash(context) },
    { option: "--root-shell", credential: "passwd.shell.root", value: image.rootShell },
  ];
}

/** crypt(5), SHA-512. The salt comes from the seed: a random one would make each build another image. */
async function passwordHash({ image, seed, run }: Context): Promise<string | undefined> {
  if (!image.rootPassword || image.rootPassword.hashed) return image.rootPassword?.value;
  const salt = sha256(`root password ${seed}`).slice(0, 16);
  const argv = ["openssl", "passwd", "-6", "-salt", salt, "-stdin"];
  const { stdout } = await run(argv, { input: `${image.rootPassword.value}\n`, stdout: "capture" });
  return stdout.trim();
}

async function writeCredentials(root: string, given: Setting[]): Promise<void> {
  const folder = join(root, "usr/lib/credstore");
  await mkdir(folder, { recursive: true });
  for (const { credential, value = "" } of given) {
    if (!credential) continue;
    await writeFile(join(folder, credential), value, { mode: credential.includes("password") ? 0o600 : 0o644 });
  }
}
