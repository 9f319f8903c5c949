import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { matchingPaths } from "../tree/glob.ts";
import { installEfiBinary, isOwnFile } from "./efi-binary.ts";
import { efiArchitecture, efiBootBinary, wantLoader } from "./wants.ts";

/** Where distributions keep shim and MokManager, by which of the two it is; `ARCH` is UEFI's name of the architecture. */
const PLACES = {
  shim: {
    signed: [
      "usr/lib/shim/shimARCH.efi.signed.latest",
      "usr/lib/shim/shimARCH.efi.signed",
      "boot/efi/EFI/*/shimARCH.efi",
      "usr/share/efi/*/shim.efi",
    ],
    unsigned: ["usr/lib/shim/shimARCH.efi", "usr/share/shim/*/*/shimARCH.efi", "usr/share/shim/shimARCH.efi"],
  },
  MokManager: {
    signed: [
      "usr/lib/shim/mmARCH.efi.signed",
      "usr/lib/shim/mmARCH.efi",
      "boot/efi/EFI/*/mmARCH.efi",
      "usr/share/efi/*/MokManager.efi",
    ],
    unsigned: ["usr/lib/shim/mmARCH.efi", "usr/share/shim/*/*/mmARCH.efi", "usr/share/shim/mmARCH.efi"],
  },
} as const;

/** Puts shim where firmware starts it, and the program with which its keys are managed beside it. */
export async function installShim(context: Context, root: string): Promise<void> {
  const { image } = context;
  if (image.shimBootloader === "none" || !(await wantLoader(image, root))) return;
  const target = efiBootBinary(image);
  await installFound(context, root, "shim", () => target);
  // The ESP wants .efi files, not .efi.signed ones.
  await installFound(context, root, "MokManager", (path) =>
    join(dirname(target), basename(path).replace(/\.efi\..*$/, ".efi")),
  );
}

async function installFound(
  context: Context,
  root: string,
  name: keyof typeof PLACES,
  targetOf: (path: string) => string,
): Promise<void> {
  const { image } = context;
  const kind = image.shimBootloader === "signed" ? "signed" : "unsigned";
  const patterns = PLACES[name][kind].map((place) => place.replace("ARCH", efiArchitecture(image)));
  const path = patterns.flatMap((pattern) => matchingPaths(root, pattern)).find((each) => isOwnFile(root, each));
  if (path !== undefined) {
    const signedBy = kind === "signed" ? "distribution" : "build";
    return installEfiBinary(context, { source: join(root, path), target: join(root, targetOf(path)), signedBy });
  }
  if (image.bootable !== "enabled") return;
  const message = `${image.name}: Bootable=yes with ShimBootloader=${kind}, and the image has no ${kind} ${name}`;
  throw new BuildError("shim-missing", `${message} such as /${patterns[kind === "signed" ? 1 : 0]}`, {
    hint: `add the package ${kind === "signed" ? "shim-signed" : "shim-unsigned"} to Packages=`,
  });
}
