import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROTOCOL_VERSION } from "../../../sandbox/protocol.ts";
import { makePlan, projectId } from "../../../src/plan/index.ts";
import { imageModules, initrdModules } from "../../../src/plan/modules.ts";
import { folder, load, loadText } from "../config/folder.ts";

const words = { defaults: () => ["x", "-y"], host: () => ["loop", "overlay"] };
const defaultModules = () => ["ext4", "-/drivers/crypto/"];
const options = { toolsKey: "tools", build: "b1", force: 0, explain: false, defaultModules };
const planned = async (content: string) => makePlan(await loadText(content), options);
const main = async (content: string) => (await planned(content)).plan.images.at(-1);

describe("makePlan", () => {
  test("SOURCE_DATE_EPOCH of Environment= counts where the setting says nothing", async () => {
    const environment = "[Build]\nEnvironment=SOURCE_DATE_EPOCH=7\n";
    expect((await main(environment))?.sourceDateEpoch).toBe(7);
    expect((await main(`${environment}[Content]\nSourceDateEpoch=8\n`))?.sourceDateEpoch).toBe(8);
    await expect(planned("[Build]\nEnvironment=SOURCE_DATE_EPOCH=soon\n")).rejects.toMatchObject({
      message: "SOURCE_DATE_EPOCH=soon of Environment=: expected seconds since 1970",
    });
  });

  test("a tar of Debian", async () => {
    const resolved = await loadText("Mirror=http://m.invalid\n[Output]\nFormat=tar\n[Content]\nPackages=apt\n");
    const { plan, mounts, outputDirectory } = makePlan(resolved, { ...options, owner: { uid: 1, gid: 2 } });
    expect(mounts).toEqual([]);
    expect(outputDirectory).toBe(resolved.directory);
    expect(plan).toEqual({
      version: PROTOCOL_VERSION,
      kind: "build",
      tools: "tools",
      build: "b1",
      project: projectId(resolved),
      rebuild: "none",
      requireCache: false,
      rerunBuildScripts: false,
      wipeBuildDirectories: false,
      force: false,
      debugShell: false,
      explain: false,
      owner: { uid: 1, gid: 2 },
      images: [
        {
          name: "main",
          distribution: "debian",
          release: "trixie",
          architecture: "x86-64",
          packageArchitecture: "amd64",
          efiArchitecture: "x64",
          packageManager: "apt",
          repositories: [
            repository("http://m.invalid/debian", "trixie", "trixie-updates"),
            repository("http://m.invalid/debian-security", "trixie-security"),
          ],
          imageRepositories: expect.any(Array),
          base: "distribution",
          baseTrees: [],
          overlay: false,
          partial: false,
          packages: ["apt"],
          volatilePackages: [],
          packageFiles: [],
          volatilePackageFiles: [],
          packageDirectories: [],
          sandboxTrees: [],
          cacheOnly: "auto",
          dependencies: [],
          removePackages: [],
          withDocs: true,
          withRecommends: false,
          environment: {},
          skeletonTrees: [],
          extraTrees: [],
          removeFiles: [],
          cleanPackageMetadata: "auto",
          autologin: false,
          ssh: "auto",
          makeInitrd: false,
          bootable: "auto",
          bootloader: "systemd-boot",
          unifiedKernelImages: "auto",
          elTorito: { wanted: "auto", system: "", volume: "", publisher: "" },
          biosBootloader: "none",
          shimBootloader: "none",
          ukiProfiles: [],
          devicetrees: [],
          grub: { prefix: "grub", vendor: "debian", architecture: "x86_64" },
          kernelModules: [],
          firmware: { include: [], exclude: [] },
          kernelCommandLine: [],
          initrdImages: [],
          initrds: [],
          kernelModulesInitrd: true,
          kernelModulesInitrdPatterns: ["ext4", "-/drivers/crypto/"],
          repartDirectories: [],
          rootFilesystem: "ext4",
          selinuxRelabel: "auto",
          osRelease: {},
          format: "tar",
          output: "image",
          outputFile: "image.tar.zst",
          compression: "zstd",
          compressesWhole: true,
          compressionLevel: 3,
          splitArtifacts: ["uki", "kernel", "initrd"],
          manifestFormat: [],
          checksum: false,
          secureBootTool: "systemd-sbsign",
          secureBootAutoEnroll: true,
          tokenTrees: [],
          verity: "auto",
          ociPlatform: { architecture: "amd64" },
          deliver: true,
        },
      ],
      outputSources: [],
    });
  });

  test("host paths are in the mounts alone", async () => {
    const root = folder({
      "mkosi.conf": "[Distribution]\nDistribution=debian\nRelease=sid\n[Content]\nExtraTrees=a:/opt/a b\nInitrds=c\n",
      ...{
        "a/": "",
        b: "",
        c: "",
        "mkosi.extra/": "",
        "mkosi.skeleton/": "",
        "mkosi.repart/": "",
        "mkosi.output/": "",
      },
    });
    const { plan, mounts, outputDirectory } = makePlan(await load(root), options);
    expect(plan.images.at(-1)).toMatchObject({
      skeletonTrees: [{ source: "main-skeleton-1", name: "mkosi.skeleton", target: "/" }],
      extraTrees: [
        { source: "main-extra-1", name: "mkosi.extra", target: "/" },
        { source: "main-extra-2", name: "a", target: "/opt/a" },
        { source: "main-extra-3", name: "b", target: "/" },
      ],
      repartDirectories: [{ source: "main-repart-1" }],
      initrds: [{ source: "main-initrd-1" }],
      initrdImages: [],
    });
    expect(mounts).toEqual([
      { name: "main-skeleton-1", hostPath: join(root, "mkosi.skeleton") },
      { name: "main-extra-1", hostPath: join(root, "mkosi.extra") },
      { name: "main-extra-2", hostPath: join(root, "a") },
      { name: "main-extra-3", hostPath: join(root, "b") },
      { name: "main-initrd-1", hostPath: join(root, "c") },
      { name: "main-repart-1", hostPath: join(root, "mkosi.repart") },
    ]);
    expect(outputDirectory).toBe(join(root, "mkosi.output"));
    expect(JSON.stringify(plan)).not.toContain(root);
  });

  test("a bootable disk has the default initrd before it", async () => {
    const { plan, mounts } = await planned("[Content]\nBootable=yes\nHostname=h\n");
    expect(plan.images.map(({ name, outputFile, deliver }) => [name, outputFile, deliver])).toEqual([
      ["default-initrd", "initrd.cpio.zst", false],
      ["main", "image.raw", true],
    ]);
    expect(plan.images[0]).toMatchObject({
      makeInitrd: true,
      withDocs: false,
      bootable: "disabled",
      cleanPackageMetadata: "enabled",
      hostname: "h",
      extraTrees: [{ source: "default-initrd-extra-1", target: "/" }],
    });
    expect(plan.images[1]?.initrdImages).toEqual(["default-initrd"]);
    expect(mounts.map(({ name }) => name)).toEqual(["default-initrd-extra-1"]);
  });

  test.each<[content: string, outputFile: string, compression: string]>([
    // What is inside may be compressed.
    ["Format=directory\nCompressOutput=xz", "image", "xz"],
    ["Format=tar\nCompressOutput=no", "image.tar", "none"],
    ["Format=tar\nCompressOutput=gzip", "image.tar.gz", "gzip"],
    ["Format=cpio\nCompressOutput=xz", "image.cpio.xz", "xz"],
    ["Format=disk\nCompressOutput=zstd", "image.raw.zst", "zstd"],
    ["Format=disk\nImageId=os\nImageVersion=1.2", "os_1.2.raw", "none"],
  ])("%j", async (content, outputFile, compression) => {
    expect(await main(`[Output]\n${content}\n`)).toMatchObject({ outputFile, compression });
  });

  test("what identifies the image", async () => {
    const image = await main(
      "[Output]\nSeed=0e9a4d5c1b2a4c3d8e7f00112233aabb\n[Content]\nMachineId=0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb\n" +
        "RootPassword=hashed:x\nTimezone=UTC\nSourceDateEpoch=9\nAutologin=yes\n",
    );
    expect(image).toMatchObject({
      seed: "0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb",
      machineId: "0e9a4d5c1b2a4c3d8e7f00112233aabb",
      rootPassword: { value: "x", hashed: true },
      timezone: "UTC",
      sourceDateEpoch: 9,
      autologin: true,
    });
  });
});

test("what a CD-ROM drive is told has to fit", async () => {
  const image = await main("[Output]\nElTorito=yes\nElToritoVolume=DEMO 1\n");
  expect(image?.elTorito).toEqual({ wanted: "enabled", system: "", volume: "DEMO 1", publisher: "" });
  const message = "ElToritoSystem=é: expected at most 32 characters of ASCII";
  await expect(planned("[Output]\nElToritoSystem=é\n")).rejects.toMatchObject({ code: "el-torito", message });
});

test("what this machine is, where the image is to have what it needs and no more", async () => {
  const cpu = "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: X\nstepping\t: 8\n";
  const project = await loadText("[Content]\nMicrocodeHost=yes\nKernelModulesIncludeHost=yes\n");
  const machine = () => ({ modules: "virtio_net 1 0 - Live\nloop 1 0\n", processors: cpu });
  const image = makePlan(project, { ...options, machine }).plan.images.at(-1);
  expect(image?.microcodeFor).toEqual({ vendor: "GenuineIntel", family: 6, model: 143, stepping: 8 });
  expect(image?.kernelModules).toEqual(["loop", "virtio-net"]);
  expect(() => makePlan(project, options)).toThrow("This machine does not tell");
});

test("initrds that are outputs of other images, by their paths with and without extensions", async () => {
  const root = folder({
    "mkosi.conf":
      "[Distribution]\nDistribution=debian\nRelease=sid\n[Output]\nOutputDirectory=out\n" +
      "[Content]\nInitrds=%O/small\n  %O/large.cpio.zst\n  other.cpio\n",
    "other.cpio": "",
    "mkosi.images/small/mkosi.conf": "[Output]\nFormat=cpio\n",
    "mkosi.images/large/mkosi.conf": "[Output]\nFormat=cpio\n",
  });
  const { plan, mounts } = makePlan(await load(root), options);
  expect(plan.images.map(({ name, deliver }) => [name, deliver])).toEqual([
    ["large", true],
    ["small", true],
    ["main", true],
  ]);
  expect(plan.images.at(-1)).toMatchObject({
    initrdImages: ["small", "large"],
    initrds: [{ source: "main-initrd-1" }],
  });
  expect(mounts).toEqual([{ name: "main-initrd-1", hostPath: join(root, "other.cpio") }]);
});

describe("modules of the modules initrd", () => {
  test.each<[include: string[], exclude: string[], expected: string[]]>([
    [[], [], ["x", "-y"]],
    [["a", "-b"], [], ["a", "-b"]],
    [["default", "c"], [], ["x", "-y", "c"]],
    [["re:^a"], [], ["re:^a"]],
    [[], ["re:^a"], ["*", "-re:^a"]],
    [["b"], ["re:^a"], ["*", "-re:^a", "b"]],
  ])("%j without %j", (KernelInitrdModules, KernelModulesInitrdExclude, expected) => {
    const config = { KernelInitrdModules, KernelModulesInitrdExclude, KernelModulesInitrdIncludeHost: false };
    expect(initrdModules(config, words)).toEqual(expected);
  });

  test("the default list is not asked for in vain", () => {
    const unused = () => {
      throw new Error("asked for");
    };
    const lists = { KernelInitrdModules: ["a"], KernelModulesInitrdExclude: [] };
    const config = { ...lists, KernelModulesInitrdIncludeHost: false };
    expect(initrdModules(config, { defaults: unused, host: unused })).toEqual(["a"]);
  });

  test("what this machine has loaded comes along where it is asked for", () => {
    const lists = { KernelInitrdModules: ["a", "host"], KernelModulesInitrdExclude: [] };
    expect(initrdModules({ ...lists, KernelModulesInitrdIncludeHost: false }, words)).toEqual(["a", "loop", "overlay"]);
    const all = { KernelModules: [], KernelModulesExclude: ["re:^sound/"], KernelModulesIncludeHost: true };
    expect(imageModules(all, words)).toEqual(["*", "-re:^sound/", "loop", "overlay"]);
  });

  test("an image keeps all modules unless something is said of them", () => {
    const none = { KernelModules: [], KernelModulesExclude: [], KernelModulesIncludeHost: false };
    expect(imageModules(none, words)).toEqual([]);
    expect(imageModules({ ...none, KernelModules: ["default", "b"] }, words)).toEqual(["x", "-y", "b"]);
  });

  test("with a default initrd, the list is that of its configuration, where boards have more", async () => {
    const { plan } = await planned("Architecture=arm64\n[Content]\nBootable=yes\n");
    expect(plan.images[1]).toMatchObject({ packageArchitecture: "arm64", efiArchitecture: "aa64" });
    expect(plan.images[1]?.kernelModulesInitrdPatterns).toContain("/drivers/mmc/host/");
  });
});

function repository(uri: string, ...suites: string[]) {
  const signedBy = "/usr/share/keyrings/debian-archive-keyring.gpg";
  return { types: ["deb"], uri, suites, components: ["main"], signedBy, trusted: false };
}
