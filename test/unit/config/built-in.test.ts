import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig, type ResolvedImage, type ResolvedProject } from "../../../src/config/index.ts";
import expectations from "../../fixtures/packages.json" with { type: "json" };
import { folder } from "./folder.ts";

function load(content: string): Promise<ResolvedProject> {
  const host = { distribution: undefined, release: undefined, architecture: "x86-64" } as const;
  return loadConfig({ directory: folder({ "mkosi.conf": content }), arguments: [], environment: {}, host });
}

/** A bootable image with both: an initrd and a tree of tools of the same release. */
function bootable(distribution: string, release: string, more = ""): Promise<ResolvedProject> {
  return load(`[Distribution]
Distribution=${distribution}
Release=${release}
[Content]
Bootable=yes
[Build]
ToolsTree=default
ToolsTreeDistribution=${distribution}
ToolsTreeRelease=${release}
${more}`);
}

function imageOf({ images, tools }: ResolvedProject, name: string): ResolvedImage {
  const found = name === "tools" ? tools : images.find(({ image }) => image === name);
  if (found === undefined) throw new Error(`no image ${name} in ${images.map(({ image }) => image).join(", ")}`);
  return found;
}

describe("packages, as the reference lists them", () => {
  test.each(expectations)("$image of $distribution $release", async ({ image, distribution, release, ...expected }) => {
    const { config } = imageOf(await bootable(distribution, release), image);
    expect(config.Packages).toEqual(expected.packages);
    expect(config.RemovePackages).toEqual(expected.removePackages);
    expect(config.RemoveFiles).toEqual(expected.removeFiles);
  });

  test("profiles of the initrd, and what is asked for by name, come on top", async () => {
    const content = "[Content]\nInitrdProfiles=lvm,raid\nInitrdPackages=htop\n";
    const plain = imageOf(await bootable("debian", "trixie"), "default-initrd");
    const { config } = imageOf(await bootable("debian", "trixie", content), "default-initrd");
    expect(config.Packages.filter((name) => !plain.config.Packages.includes(name))).toEqual(["htop", "lvm2", "mdadm"]);
  });

  test("the profiles of the tools can be left out", async () => {
    const { config } = imageOf(await bootable("debian", "trixie", "ToolsTreeProfiles=\n"), "tools");
    expect(config.Packages).toContain("systemd-repart");
    expect(config.Packages).not.toContain("qemu-system");
  });
});

describe("the default initrd", () => {
  test.each([
    { architecture: "x86-64", last: ["ccp_crypto", "zram", "nfnetlink"] },
    { architecture: "arm64", last: ["/drivers/mmc/host/", "brcmutil", "udc-core"] },
  ])("its modules on $architecture end with $last", async ({ architecture, last }) => {
    const more = `[Distribution]\nArchitecture=${architecture}\n`;
    const { config } = imageOf(await bootable("debian", "trixie", more), "default-initrd");
    expect(config.KernelModules.slice(0, 2)).toEqual(["ahci", "amd_atl"]);
    expect(config.KernelModules.slice(-3)).toEqual(last);
  });

  test("it is an archive and nothing else", async () => {
    const { config } = imageOf(await bootable("debian", "trixie"), "default-initrd");
    expect(config).toMatchObject({ Output: "initrd", Format: "cpio", MakeInitrd: true, Bootable: "disabled" });
    expect([config.ManifestFormat, config.SplitArtifacts]).toEqual([[], []]);
    expect(config.ExtraTrees.map(({ source }) => source)).toEqual([
      join(import.meta.dirname, "../../../tools-images/initrd/mkosi.extra"),
    ]);
  });
});

describe("Include=", () => {
  test.each([
    { architecture: "x86-64", kernel: "linux-image-generic" },
    { architecture: "arm64", kernel: "linux-image-cloud-arm64" },
  ])("mkosi-vm takes $kernel on $architecture", async ({ architecture, kernel }) => {
    const distribution = `[Distribution]\nDistribution=debian\nRelease=trixie\nArchitecture=${architecture}\n`;
    const { main } = await load(`${distribution}[Include]\nInclude=mkosi-vm\n`);
    expect(main.config.Bootable).toBe("enabled");
    expect(main.config.Packages.filter((name) => name.startsWith("linux-image-"))).toEqual([kernel]);
  });

  test("mkosi-addon is for no distribution", async () => {
    const { main } = await load("[Include]\nInclude=mkosi-addon\n");
    expect(main.config).toMatchObject({ Distribution: "custom", Format: "addon", Bootable: "disabled" });
    expect(main.config.RemoveFiles[0]).toBe("/usr/lib/systemd/boot/efi/");
  });
});
