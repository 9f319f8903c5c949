import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROTOCOL_VERSION } from "../../../sandbox/protocol.ts";
import { Sources } from "../../../src/plan/sources.ts";
import { build } from "../../../src/verbs/build.ts";
import { help } from "../../../src/verbs/help.ts";
import { isBuilt, openProject } from "../../../src/verbs/project.ts";
import { vm, vmPlan } from "../../../src/verbs/vm.ts";
import { verbContext } from "./context.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-verb-"));
  await writeFile(
    join(folder, "mkosi.conf"),
    "[Distribution]\nDistribution=debian\nRelease=trixie\nArchitecture=x86-64\n",
  );
});
afterEach(() => rm(folder, { recursive: true }));

const context = (...argv: string[]) => verbContext("-C", folder, ...argv);

describe("build", () => {
  it("refuses an output that exists, before it asks for an engine", async () => {
    await writeFile(join(folder, "image.tar"), "");
    await expect(build(context("-t", "tar", "--compress-output=none"))).rejects.toMatchObject({
      code: "output-exists",
      message: `The output ${join(folder, "image.tar")} exists already`,
      hint: "Replace it with --force (-f)",
      exitCode: 1,
    });
  });

  it("refuses to build nothing", async () => {
    await rm(join(folder, "mkosi.conf"));
    await expect(build(context())).rejects.toMatchObject({
      code: "no-configuration",
      message: `There is no mkosi.conf in ${folder}, and no setting was given`,
      exitCode: 2,
    });
  });
});

describe("a project", () => {
  it("is built when its main output is there, and not a link", async () => {
    const project = await openProject(context("-t", "directory"));
    expect(await isBuilt(project)).toBe(false);
    await symlink("image.raw", join(folder, "image"));
    expect(await isBuilt(project)).toBe(false);
    await rm(join(folder, "image"));
    await mkdir(join(folder, "image"));
    expect(await isBuilt(project)).toBe(true);
  });

  it("tells of what is deprecated", async () => {
    await writeFile(join(folder, "mkosi.conf"), "[Distribution]\nDistribution=debian\n[Output]\nQemuMem=1G\n");
    const own = context("-t", "tar");
    await openProject(own);
    expect(own.events[0]).toMatchObject({ type: "notice", level: "warning" });
  });
});

describe("vm", () => {
  it("cannot start an archive", async () => {
    await expect(vm(context("-t", "tar", "vm"))).rejects.toMatchObject({
      code: "not-runnable",
      message: "image.tar.zst has Format=tar, which a virtual machine cannot start",
    });
  });

  it("turns settings into a plan", async () => {
    const project = await openProject(context("--ram=1536M", "--cpus=3", "--ephemeral", "vm"));
    expect(vmPlan(project, { format: "disk", kvm: true, arguments: ["-s"], sources: new Sources(folder) })).toEqual({
      version: PROTOCOL_VERSION,
      kind: "vm",
      architecture: "x86-64",
      image: "image.raw",
      format: "disk",
      kvm: true,
      kvmFallback: true,
      firmware: "uefi",
      firmwareVariables: { kind: "empty" },
      credentials: [],
      memory: 1536,
      cpus: 3,
      ephemeral: true,
      arguments: ["-s"],
    });
  });

  it("hands credentials and variables over: values, files, and what files print", async () => {
    await writeFile(join(folder, "secret"), "s3cret", { mode: 0o600 });
    await writeFile(join(folder, "prints"), "#!/bin/sh\nprintf 'printed %s' \"$PWD\"\n", { mode: 0o755 });
    await writeFile(join(folder, "variables"), "");
    const files = ["--credential=a=b", "--credential=secret", "--credential=prints", "--ssh-certificate=variables"];
    const words = ["--firmware=uefi-secure-boot", "--firmware-variables=variables", ...files];
    const sources = new Sources(folder);
    const plan = vmPlan(await openProject(context(...words, "vm")), {
      format: "disk",
      kvm: false,
      arguments: [],
      sources,
    });
    expect(plan).toMatchObject({
      firmware: "uefi-secure-boot",
      firmwareVariables: { kind: "file", file: { source: "firmware-variables-1" } },
      credentials: [
        { name: "a", value: "b" },
        { name: "secret", value: { secret: "credential-1" } },
        { name: "prints", value: `printed ${folder}` },
      ],
      sshCertificate: { source: "ssh-certificate-1" },
    });
  });

  it("wants a certificate for firmware that is to have one", async () => {
    const project = await openProject(context("--firmware-variables=custom", "vm"));
    const run = { format: "disk", kvm: false, arguments: [], sources: new Sources(folder) } as const;
    expect(() => vmPlan(project, { ...run, arguments: [] })).toThrow(
      "FirmwareVariables=custom puts a certificate into the firmware, but SecureBootCertificate= is not set, and there is no mkosi.crt",
    );
  });

  it("starts from a BIOS what has nothing else to start from", async () => {
    const run: Parameters<typeof vmPlan>[1] = {
      format: "disk",
      kvm: false,
      arguments: [],
      sources: new Sources(folder),
    };
    const firmware = async (...words: string[]) =>
      vmPlan(await openProject(context("--bios-bootloader=grub", ...words, "vm")), run).firmware;
    expect(await firmware("--bootloader=none")).toBe("bios");
    expect(await firmware()).toBe("uefi");
    expect(await firmware("--bootloader=none", "--firmware=uefi")).toBe("uefi");
  });
});

it("help names every option of the table", async () => {
  const { text } = await help(context());
  expect(text).toContain("--kernel-command-line=OPTIONS");
  expect(text).toContain("--autologin[=BOOL]");
});
