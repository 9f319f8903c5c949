import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../errors.ts";
import { step } from "../events.ts";
import { byCodeUnit } from "../tree/walk.ts";
import type { KernelFiles, KernelJob } from "./boot-job.ts";
import { ukiName } from "./entry-name.ts";
import { wantGrubEfi } from "./grub.ts";
import { unifiedEntry } from "./grub-config.ts";
import { kernelInitrds } from "./modules-initrd.ts";
import { makeUki, requireStub } from "./uki.ts";
import { isUkiLoader, loaderBinary, wantPrebuiltUki } from "./wants.ts";

/** The unified kernel image of one kernel: made here, or the distribution's own. */
export async function unifiedFiles(job: KernelJob): Promise<KernelFiles> {
  const { root, token, kernel, partitions } = job;
  const { image } = job.context;
  const name = ukiName(image, token, kernel.version, partitions);
  const source = wantPrebuiltUki(image) ? await prebuilt(job) : await built(job, name);
  if (source === undefined) return { files: [], entries: [] };
  const target = isUkiLoader(image) ? loaderBinary(image) : `boot/EFI/Linux/${name}.efi`;
  const entries = wantGrubEfi(image, root) ? [unifiedEntry(name, target.replace(/^boot/, ""))] : [];
  return { files: [{ source, target }], entries };
}

async function built(job: KernelJob, name: string): Promise<string> {
  const { context, root, kernel, profiles, commandLine } = job;
  const { version } = kernel;
  const stub = requireStub(context.image, root, "kernel");
  const initrds = [...job.initrds, ...(await kernelInitrds(context, root, version))].map(({ source }) => source);
  const microcode = job.microcode.map(({ source }) => source);
  const output = join(context.work, "boot", version, "unified.efi");
  const files = { kernel: join(root, kernel.path), stub, microcode, initrds, profiles, output };
  await step(context.emit, context.image.name, `Make the unified kernel image ${name}`, () =>
    makeUki({ context, root, version, commandLine, ...files }),
  );
  return output;
}

/** Undefined where there is none, and need be none. */
async function prebuilt({ context, root, kernel }: KernelJob): Promise<string | undefined> {
  const place = `usr/lib/modules/${kernel.version}`;
  const [name] = (await readdir(join(root, place))).filter((each) => each.endsWith(".efi")).sort(byCodeUnit);
  if (name !== undefined) return join(root, place, name);
  if (context.image.bootable !== "enabled") return undefined;
  throw new BuildError(
    "uki-missing",
    `${context.image.name}: the distribution's own unified kernel image is asked for, and nothing matches /${place}/*.efi`,
    { hint: "add the package that has it to Packages=, or set UnifiedKernelImages=unsigned to have one made" },
  );
}
