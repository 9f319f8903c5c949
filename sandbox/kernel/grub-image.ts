import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { step } from "../events.ts";
import { BUILDROOT } from "../run.ts";

/** What grub needs to find its configuration on the ESP and to do what that says. */
const MODULES = ["cat", "cmp", "div", "echo", "fat", "hello", "help", "linux", "loadenv", "ls", "normal", "part_gpt"];
MODULES.push("read", "reboot", "search_fs_file", "search", "sleep", "test", "tr", "true");

export interface GrubImage {
  /** `x86_64-efi`, `i386-pc`. */
  platform: string;
  /** Beyond those that every platform has. */
  modules: readonly string[];
  /** A file beside the output, which becomes the section of this name. */
  sbat?: string;
  /** The file to make, in a folder that it may have for itself. */
  output: string;
}

/** Makes grub of the tree's modules (grub-mkimage(1)). */
export async function makeGrub(
  context: Context,
  root: string,
  { platform, modules, sbat, output }: GrubImage,
): Promise<void> {
  const { image } = context;
  const { prefix } = image.grub;
  const folder = dirname(output);
  await mkdir(folder, { recursive: true });
  const early = [`search --no-floppy --set=root --file /${prefix}/grub.cfg`, `set prefix=($root)/${prefix}`, ""];
  await writeFile(join(folder, "early.cfg"), early.join("\n"));
  const words = ["grub-mkimage", "--directory", `${BUILDROOT}/${grubModules(root, platform)}`, "--format", platform];
  words.push("--prefix", `/${prefix}`, "--config", "/run/caisson/grub/early.cfg");
  words.push("--output", `/run/caisson/grub/${basename(output)}`);
  if (sbat !== undefined) words.push("--sbat", `/run/caisson/grub/${basename(sbat)}`);
  // Without a shim before it nobody else can vouch for what grub loads.
  if (image.shimBootloader === "none" && platform.endsWith("-efi")) words.push("--disable-shim-lock");
  const x86 = image.architecture === "x86-64" || image.architecture === "x86" ? ["keylayouts"] : [];
  await step(context.emit, image.name, `Make grub for ${platform}`, () =>
    context.run([...words, ...MODULES, ...x86, ...modules], {
      root,
      rootReadOnly: true,
      binds: [{ source: folder, target: "/run/caisson/grub" }],
    }),
  );
}

/** The folder of grub's modules for one platform, relative to the root; undefined where the tree has none. */
export function grubModules(root: string, platform: string): string | undefined {
  const folders = ["usr/lib/grub", "usr/share/grub2"].map((folder) => `${folder}/${platform}`);
  return folders.find((folder) => existsSync(join(root, folder)) && readdirSync(join(root, folder)).length > 0);
}
