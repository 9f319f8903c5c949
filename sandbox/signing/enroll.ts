import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BUILDROOT } from "../run.ts";
import { stoppedClock } from "./clock.ts";
import { keyUse, keyWords } from "./keys.ts";

const VARIABLES = ["PK.auth", "KEK.auth", "db.auth"];

/**
 * Writes loader/keys/auto/ into the tree's ESP: systemd-boot puts the image's own certificate into the Secure Boot
 * variables of firmware that has none, in virtual machines (systemd-boot(7)). bootctl(1) makes the files, in a tree of
 * their own; it takes their times from SOURCE_DATE_EPOCH, but the signatures' from the clock.
 */
export async function autoEnroll(context: Context, root: string): Promise<void> {
  const { secureBootKey, secureBootAutoEnroll } = context.image;
  if (secureBootKey === undefined || !secureBootAutoEnroll) return;
  const scratch = join(context.work, "enroll");
  for (const folder of ["boot", "efi", "usr/lib/systemd/boot/efi"])
    await mkdir(join(scratch, folder), { recursive: true });
  await writeFile(join(scratch, "usr/lib/os-release"), "ID=enroll\n");
  const use = await keyUse(context, "secure-boot", secureBootKey);
  const options = ["--install-source=image", "--no-variables", "--random-seed=no", "--secure-boot-auto-enroll=yes"];
  await context.run(["bootctl", "install", `--root=${BUILDROOT}`, ...options, ...keyWords(use)], {
    root: scratch,
    binds: use.binds,
    environment: {
      ...use.environment,
      ...stoppedClock(context.epoch),
      SYSTEMD_ESP_PATH: "/efi",
      SYSTEMD_XBOOTLDR_PATH: "/boot",
      SYSTEMD_RELAX_ESP_CHECKS: "1",
    },
  });
  const folder = join(root, "efi/loader/keys/auto");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of VARIABLES) await copyFile(join(scratch, "efi/loader/keys/auto", name), join(folder, name));
}
