import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import type { ImagePlan } from "../protocol.ts";
import { BUILDROOT } from "../run.ts";
import { ukiSigning } from "../signing/uki.ts";
import type { KernelImage } from "./images.ts";

export interface UkiJob {
  context: Context;
  root: string;
  kernel: KernelImage;
  commandLine: readonly string[];
  /** Files, in the order in which the kernel unpacks them. */
  initrds: readonly string[];
  /** The file to make, in a folder of its own. */
  output: string;
}

/** Where the tools see the build's own files. */
const INPUT = "/run/caisson";

/** Makes a unified kernel image from the tree's kernel and its systemd-stub. */
export async function makeUki(job: UkiJob): Promise<void> {
  requireStub(job.context.image, job.root);
  const folder = dirname(job.output);
  await mkdir(folder, { recursive: true });
  const file = join(folder, "command-line");
  // Stubs before version 254 read on until a zero byte.
  await writeFile(file, `${job.commandLine.join(" ")}\0`);
  const signing = await ukiSigning(job.context);
  await job.context.run([...ukifyArguments(job), ...signing.words], {
    root: job.root,
    rootReadOnly: true,
    environment: signing.environment,
    binds: [
      ...signing.binds,
      { source: folder, target: `${INPUT}/output` },
      ...job.initrds.map((source, index) => ({ source, target: initrdPath(index), readOnly: true })),
    ],
  });
}

/** ukify(1). The os-release file is the one below /usr: that in /etc may be a link out of the tree. */
export function ukifyArguments({ context, kernel, commandLine, initrds, output }: UkiJob): string[] {
  const words = ["ukify", "build", "--efi-arch", efiArchitecture(context.image)];
  words.push("--stub", `${BUILDROOT}/${stubPath(context.image)}`, "--output", `${INPUT}/output/${basename(output)}`);
  words.push("--os-release", `@${BUILDROOT}/usr/lib/os-release`, "--uname", kernel.version);
  words.push("--linux", `${BUILDROOT}/${kernel.path}`);
  if (commandLine.length > 0) words.push("--cmdline", `@${INPUT}/output/command-line`);
  return [...words, ...initrds.flatMap((_, index) => ["--initrd", initrdPath(index)])];
}

function initrdPath(index: number): string {
  return `${INPUT}/initrd-${index}`;
}

/** systemd-stub's path, relative to the root. */
export function stubPath(image: ImagePlan): string {
  return `usr/lib/systemd/boot/efi/linux${efiArchitecture(image)}.efi.stub`;
}

function requireStub(image: ImagePlan, root: string): void {
  if (existsSync(join(root, stubPath(image)))) return;
  throw new BuildError(
    "stub-missing",
    `${image.name}: a unified kernel image needs systemd-stub, and the image has no /${stubPath(image)}`,
    { hint: "add the package systemd-boot-efi to Packages=" },
  );
}

/** As UEFI calls the image's architecture: `x64`. */
export function efiArchitecture(image: ImagePlan): string {
  if (image.efiArchitecture) return image.efiArchitecture;
  throw new BuildError("no-uefi", `${image.name}: the architecture ${image.architecture} has no UEFI`, {
    hint: "set Bootable=no",
  });
}
