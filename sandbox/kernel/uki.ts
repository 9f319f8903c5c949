import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { step } from "../events.ts";
import type { ImagePlan } from "../protocol.ts";
import { devicetrees } from "./devicetrees.ts";
import { stubVersion } from "./pe.ts";
import { runUkify, type UkifyOption } from "./ukify.ts";
import { addonStubPath, stubPath } from "./wants.ts";

export interface UkiJob {
  context: Context;
  root: string;
  /** As `uname -r` says it. */
  version: string;
  /** Files on the volume, as all below. */
  kernel: string;
  stub: string;
  microcode: readonly string[];
  /** In the order in which the kernel unpacks them. */
  initrds: readonly string[];
  profiles: readonly string[];
  commandLine: readonly string[];
  /** The file to make, in a folder of its own. */
  output: string;
}

/** The first stub that reads microcode from a section of its own; for older ones it is an initrd before all others. */
const MICROCODE_STUB = 256;

/** Makes a unified kernel image. */
export async function makeUki(job: UkiJob): Promise<void> {
  const { context, stub, commandLine, output } = job;
  const ownSection = ((await stubVersion(stub)) ?? 0) >= MICROCODE_STUB;
  await runUkify({ context, kind: "kernel", stub, commandLine, options: ukiOptions(job, ownSection), output });
}

/** What goes into the image. The os-release file is the one below /usr: that in /etc may be a link out of the tree. */
export function ukiOptions(job: UkiJob, microcodeSection: boolean): UkifyOption[] {
  const { context, root, version, kernel, microcode, initrds, profiles } = job;
  const { image } = context;
  const trees = devicetrees(root, version, image.devicetrees);
  const tree = trees.length === 1 ? "devicetree" : "devicetree-auto";
  return [
    { option: "os-release", content: join(root, "usr/lib/os-release") },
    { option: "uname", text: version },
    { option: "linux", file: kernel },
    ...profiles.map((file) => ({ option: "join-profile", file })),
    ...trees.map(({ path }) => ({ option: tree, file: join(root, path) })),
    ...splash(image, root),
    ...signedProfiles(image),
    ...microcode.map((file) => ({ option: microcodeSection ? "microcode" : "initrd", file })),
    ...initrds.map((file) => ({ option: "initrd", file })),
  ];
}

/** Where one of the profiles is not to have its TPM registers signed, the others are named; `main` is the image itself. */
function signedProfiles({ pcrKey, ukiProfiles }: ImagePlan): UkifyOption[] {
  if (pcrKey === undefined || ukiProfiles.every(({ signExpectedPcr }) => signExpectedPcr)) return [];
  const signed = ukiProfiles
    .filter(({ signExpectedPcr }) => signExpectedPcr)
    .flatMap(({ profile }) => profile.ID ?? []);
  return ["main", ...signed].map((text) => ({ option: "sign-profile", text }));
}

function splash({ name, splash: path }: ImagePlan, root: string): UkifyOption[] {
  if (path === undefined) return [];
  const file = join(root, path);
  if (existsSync(file)) return [{ option: "splash", file }];
  throw new BuildError("splash-missing", `${name}: Splash=${path}, and the image has no such file`, {
    hint: "the picture is looked for in the image: add it with ExtraTrees=, or with its package",
  });
}

/** Makes the further profiles of the image's unified kernel images, each a file to be joined to them. */
export async function makeProfiles(context: Context, stub: string, commandLine: readonly string[]): Promise<string[]> {
  const { image, emit, work } = context;
  const folder = join(work, "profiles");
  const made: string[] = [];
  for (const { profile, commandLine: more } of image.ukiProfiles) {
    const id = requireId(image, profile);
    const output = join(folder, `${made.length}`, "profile.efi");
    const section = join(folder, `${made.length}`, "profile");
    await mkdir(join(folder, `${made.length}`), { recursive: true });
    await writeFile(section, profileSection(profile));
    const options = [{ option: "profile", content: section }];
    await step(emit, image.name, `Make the profile ${id} of unified kernel images`, () =>
      runUkify({ context, kind: "profile", stub, commandLine: [...commandLine, ...more], options, output }),
    );
    made.push(output);
  }
  return made;
}

function requireId(image: ImagePlan, { ID }: Record<string, string>): string {
  if (ID) return ID;
  throw new BuildError("profile-id", `${image.name}: a file of UnifiedKernelImageProfiles= names no ID in Profile=`, {
    hint: "Profile=ID=debug in its section [UKIProfile]",
  });
}

/** The `.profile` section: lines as in os-release(5) (UAPI group: Unified Kernel Image specification, "Multi-Profile UKIs"). */
export function profileSection(fields: Readonly<Record<string, string>>): string {
  const quoted = (value: string) => (/^[\p{L}\p{N}]*$/u.test(value) ? value : `"${value}"`);
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join("");
}

/** The tree's systemd-stub. Throws where it has none. */
export function requireStub(image: ImagePlan, root: string, kind: "kernel" | "addon"): string {
  const path = kind === "kernel" ? stubPath(image) : addonStubPath(image);
  if (existsSync(join(root, path))) return join(root, path);
  const what = kind === "kernel" ? "a unified kernel image needs systemd-stub" : "an addon needs its stub";
  throw new BuildError("stub-missing", `${image.name}: ${what}, and the image has no /${path}`, {
    hint: "add the package systemd-boot-efi to Packages=",
  });
}
