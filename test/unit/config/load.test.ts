import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { debian, folder, given, load, loadText } from "./folder.ts";

const packages = (...names: string[]) => `[Content]\nPackages=${names.join(" ")}\n`;

describe("files", () => {
  test("mkosi.conf.d/ is read in order of names, after mkosi.conf; other files in it are not", async () => {
    const root = folder({
      "mkosi.conf": `${debian}[Content]\nHostname=main\nKernelCommandLine=a\n`,
      "mkosi.conf.d/20.conf": "[Content]\nHostname=twenty\nKernelCommandLine=c\n",
      "mkosi.conf.d/10/mkosi.conf": "[Content]\nHostname=ten\nKernelCommandLine=b\n",
      "mkosi.conf.d/10/mkosi.conf.d/x.conf": "[Content]\nKernelCommandLine=inner\n",
      "mkosi.conf.d/readme.txt": "not a configuration",
    });
    const { config, files } = await load(root);
    expect(config.Hostname).toBe("twenty");
    expect(config.KernelCommandLine).toEqual(["a", "b", "inner", "c"]);
    expect(files.map((file) => relative(root, file))).toEqual([
      "mkosi.conf",
      "mkosi.conf.d/10/mkosi.conf",
      "mkosi.conf.d/10/mkosi.conf.d/x.conf",
      "mkosi.conf.d/20.conf",
    ]);
  });

  test("the folder mkosi/ is used where mkosi.conf is only there", async () => {
    const root = folder({ "mkosi/mkosi.conf": debian, "mkosi/mkosi.extra/": "" });
    const { config, directory } = await load(root);
    expect(directory).toBe(join(root, "mkosi"));
    expect(config.ExtraTrees).toEqual([{ source: join(root, "mkosi/mkosi.extra") }]);
  });

  test("files such as mkosi.extra set what belongs to them", async () => {
    const root = folder({
      "mkosi.conf": debian,
      "mkosi.extra/": "",
      "mkosi.skeleton/": "",
      "mkosi.repart/": "",
      "mkosi.output/": "",
      "mkosi.rootpw": "hashed:$y$x\n",
      "mkosi.version": "1.2\n",
      "mkosi.machine-id": "0e9a4d5c1b2a4c3d8e7f00112233aabb\n",
    });
    const { config, origins } = await load(root);
    expect(config.ExtraTrees).toEqual([{ source: join(root, "mkosi.extra") }]);
    expect(config.SkeletonTrees).toEqual([{ source: join(root, "mkosi.skeleton") }]);
    expect(config.RepartDirectories).toEqual([join(root, "mkosi.repart")]);
    expect(config.OutputDirectory).toBe(join(root, "mkosi.output"));
    expect(config.RootPassword).toEqual({ value: "$y$x", hashed: true });
    expect(config.ImageVersion).toBe("1.2");
    expect(config.Output).toBe("image_1.2");
    expect(config.MachineId).toBe("0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb");
    expect(origins.ImageVersion).toEqual([{ kind: "default file", file: join(root, "mkosi.version"), conditions: [] }]);
  });

  test("paths in a file of mkosi.conf.d/ start at the folder above, in a folder of it at that folder", async () => {
    const root = folder({
      "mkosi.conf": debian,
      "tree/": "",
      "mkosi.conf.d/a.conf": "[Content]\nExtraTrees=tree:/a\n",
      "mkosi.conf.d/b/mkosi.conf": "[Content]\nExtraTrees=tree:/b\n",
      "mkosi.conf.d/b/tree/": "",
    });
    expect((await load(root)).config.ExtraTrees).toEqual([
      { source: join(root, "tree"), target: "/a" },
      { source: join(root, "mkosi.conf.d/b/tree"), target: "/b" },
    ]);
  });

  test("mkosi.local.conf is stronger than other files, and adds to their lists", async () => {
    const root = folder({
      "mkosi.conf": `${debian}[Content]\nHostname=main\nKernelCommandLine=a\n`,
      "mkosi.local.conf": "[Content]\nHostname=local\nKernelCommandLine=b\n",
    });
    const { config } = await load(root, { arguments: given(["KernelCommandLine", "c"]) });
    expect(config.Hostname).toBe("local");
    expect(config.KernelCommandLine).toEqual(["a", "b", "c"]);
  });

  test("sections of others are passed over, our own is read", async () => {
    const { config, warnings } = await loadText("[X-Caisson]\nEngine=podman\n[X-Other]\nAnything=1\n");
    expect(config.Engine).toBe("podman");
    expect(warnings).toEqual([]);
  });

  test("deprecated names and wrong sections are warnings", async () => {
    const root = folder({ "mkosi.conf": `${debian}[Host]\nQemuMem=1G\n[Output]\nHostname=h\n@Packages=a\n` });
    const { config, warnings } = await load(root);
    expect(config).toMatchObject({ RAM: 1024 ** 3, Hostname: "h", Packages: ["a"] });
    const file = join(root, "mkosi.conf");
    expect(warnings).toEqual([
      `${file}:5: QemuMem= is deprecated, it is RAM= now`,
      `${file}:5: QemuMem= belongs in [Runtime], not [Host]`,
      `${file}:7: Hostname= belongs in [Content], not [Output]`,
      `${file}:8: the '@' of @Packages is deprecated`,
      `${file}:8: Packages= belongs in [Content], not [Output]`,
    ]);
  });
});

describe("values of several sources", () => {
  test.each<[what: string, file: string, options: [string, string][], expected: string[]]>([
    ["files add up", packages("b") + packages("a"), [], ["a", "b"]],
    ["an empty assignment starts anew", `${packages("b")}Packages=\nPackages=c\n`, [], ["c"]],
    ["an empty assignment at the end leaves nothing", `${packages("b")}Packages=\n`, [], []],
    ["the command line adds", packages("b"), [["Packages", "a"]], ["b", "a"]],
    ["an empty option takes away what files say", packages("b"), [["Packages", ""]], []],
    [
      "an empty option starts anew",
      packages("b"),
      [
        ["Packages", ""],
        ["Packages", "a"],
      ],
      ["a"],
    ],
  ])("%s", async (_, content, options, expected) => {
    const root = folder({ "mkosi.conf": debian + content });
    expect((await load(root, { arguments: given(...options) })).config.Packages).toEqual(expected);
  });

  test.each<[what: string, file: string, options: [string, string][], expected: string]>([
    ["the last file wins", "[Output]\nFormat=tar\nFormat=cpio\n", [], "cpio"],
    ["the command line wins", "[Output]\nFormat=tar\n", [["Format", "cpio"]], "cpio"],
    ["an empty assignment means the default", "[Output]\nFormat=tar\nFormat=\n", [], "disk"],
    ["an empty option means the default", "[Output]\nFormat=tar\n", [["Format", ""]], "disk"],
  ])("%s", async (_, content, options, expected) => {
    const root = folder({ "mkosi.conf": debian + content });
    expect((await load(root, { arguments: given(...options) })).config.Format).toBe(expected);
  });

  test("many assignments to one list take no longer than one of many items", async () => {
    const count = 50_000;
    const names = Array.from({ length: count }, (_, index) => `p${index}`);
    const { config, origins } = await loadText(`[Content]\n${names.map((name) => `Packages=${name}\n`).join("")}`);
    expect(config.Packages).toEqual(names.sort());
    expect(origins.Packages).toHaveLength(count);
  });

  test("what a subimage adds to an inherited list is its own", async () => {
    const { images, main } = await load(
      folder({
        "mkosi.conf": `${debian}[Config]\nProfiles=a\n`,
        "mkosi.images/one.conf": "[Config]\nProfiles=b\n",
        "mkosi.images/two.conf": "[Config]\nProfiles=c\n",
      }),
    );
    expect(images.map(({ config }) => config.Profiles)).toEqual([["a", "b"], ["a", "c"], ["a"]]);
    expect(main.config.Profiles).toEqual(["a"]);
  });

  test("every value knows where it comes from", async () => {
    const root = folder({ "mkosi.conf": debian + packages("a"), "mkosi.conf.d/x.conf": packages("b") });
    const { origins } = await load(root, { arguments: given(["Packages", "c"], ["Format", "tar"]) });
    expect(origins.Packages).toMatchObject([
      { kind: "file", file: join(root, "mkosi.conf"), line: 5, text: "a" },
      { kind: "file", file: join(root, "mkosi.conf.d/x.conf"), line: 2, text: "b" },
      { kind: "command line", raw: "--packages=c" },
    ]);
    expect(origins.Format).toEqual([{ kind: "command line", raw: "--format=tar" }]);
    expect(origins.Output).toBeUndefined();
  });
});

describe("defaults", () => {
  test.each<[content: string, expected: object]>([
    ["", { Format: "disk", CompressOutput: "none", Output: "image", WithDocs: true, Bootloader: "systemd-boot" }],
    ["[Output]\nFormat=tar\n", { CompressOutput: "zstd" }],
    ["[Output]\nFormat=cpio\n", { CompressOutput: "zstd" }],
    ["[Output]\nFormat=directory\n", { CompressOutput: "none" }],
    ["[Output]\nCompressOutput=yes\n", { CompressOutput: "zstd" }],
    ["[Output]\nImageId=i\nImageVersion=2\n", { Output: "i_2" }],
    ["[Output]\nOutput=o\nImageVersion=2\n", { Output: "o" }],
    ["", { Initrds: [] }],
    ["[Content]\nPackages=linux-image-amd64\n", { Initrds: [expect.stringMatching(/\/initrd$/)] }],
    ["[Content]\nBootable=yes\n", { Initrds: [expect.stringMatching(/\/initrd$/)] }],
    ["[Content]\nBootable=no\nPackages=linux-image-amd64\n", { Initrds: [] }],
    ["[Output]\nFormat=directory\n[Content]\nPackages=linux-image-amd64\n", { Initrds: [] }],
    ["[Content]\nBootable=yes\nInitrds=\n", { Initrds: [] }],
    ["[Build]\nEnvironment=SOURCE_DATE_EPOCH=7\n", { SourceDateEpoch: undefined }],
  ])("%j", async (content, expected) => {
    expect((await loadText(content)).config).toMatchObject(expected);
  });

  test("the release is the distribution's, or this machine's where it is the same distribution", async () => {
    const root = folder({ "mkosi.conf": "[Distribution]\nDistribution=debian\n" });
    expect((await load(root)).config.Release).toBe("testing");
    expect((await load(root, { host: ["ubuntu", "noble"] })).config.Release).toBe("testing");
    expect((await load(root, { host: ["debian", "bookworm"] })).config.Release).toBe("bookworm");
    expect((await load(folder({}), { host: ["ubuntu", "noble"] })).config).toMatchObject({
      Distribution: "ubuntu",
      Release: "noble",
    });
  });

  test("SOURCE_DATE_EPOCH of the environment counts, unless the setting is emptied", async () => {
    const environment = { SOURCE_DATE_EPOCH: "5" };
    const root = folder({ "mkosi.conf": debian });
    expect((await load(root, { environment })).config.SourceDateEpoch).toBe(5);
    await expect(load(root, { environment: { SOURCE_DATE_EPOCH: "soon" } })).rejects.toMatchObject({
      code: "invalid-value",
      message: "SOURCE_DATE_EPOCH=soon of the environment: expected seconds since 1970",
    });
    const emptied = await load(root, { environment, arguments: given(["SourceDateEpoch", ""]) });
    expect(emptied.config.SourceDateEpoch).toBeUndefined();
  });
});

describe("[Match]", () => {
  const matched = async (match: string, before = "") => {
    const root = folder({
      "mkosi.conf": debian + before,
      "mkosi.conf.d/x.conf": `${match}\n[Content]\nHostname=yes\n`,
    });
    return (await load(root)).config.Hostname === "yes";
  };

  test.each<[match: string, expected: boolean]>([
    ["[Match]\nDistribution=debian", true],
    ["[Match]\nDistribution=ubuntu", false],
    ["[Match]\nDistribution=fedora", false],
    ["[Match]\nDistribution=!ubuntu", true],
    ["[Match]\nDistribution=debian\nRelease=sid", false],
    ["[Match]\nDistribution=|ubuntu\nDistribution=|debian", true],
    ["[Match]\nDistribution=|ubuntu\nDistribution=|fedora", false],
    ["[Match]\nRelease=|!trixie\nRelease=|trixie", true],
    ["[Match]\nDistribution=|debian\nRelease=sid", false],
    ["[Match]\nDistribution=debian\n[Match]\nRelease=sid", false],
    ["[TriggerMatch]\nRelease=sid\n[TriggerMatch]\nDistribution=debian", true],
    ["[TriggerMatch]\nRelease=sid\n[TriggerMatch]\nDistribution=ubuntu", false],
    ["[TriggerMatch]\nDistribution=debian\nRelease=!trixie", false],
    ["[Match]\nArchitecture=x86-64", true],
    ["[Match]\nArchitecture=uefi", true],
    ["[Match]\nHostArchitecture=x86-64", true],
    ["[Match]\nFormat=disk", true],
    ["[Match]\nFormat=oci", false],
    ["[Match]\nBootable=auto", true],
    ["[Match]\nImage=main", true],
    ["[Match]\nImageId=x", false],
    ["[Match]\nRepositories=", true],
    ["[Match]\nPathExists=mkosi.conf", true],
    ["[Match]\nPathExists=!nowhere", true],
    ["[Match]\nRelease=%r", true],
  ])("%j", async (match, expected) => {
    expect(await matched(match)).toBe(expected);
  });

  test("on names with patterns, on versions, on the environment", async () => {
    const before = "[Output]\nImageId=os-server\nImageVersion=1.10\n[Build]\nEnvironment=A=1\n";
    expect(await matched("[Match]\nImageId=os-*", before)).toBe(true);
    expect(await matched("[Match]\nImageVersion=>=1.9", before)).toBe(true);
    expect(await matched("[Match]\nImageVersion=<1.9", before)).toBe(false);
    expect(await matched("[Match]\nEnvironment=A=1", before)).toBe(true);
  });

  test("one that does not hold in mkosi.conf switches its whole folder off", async () => {
    const root = folder({
      "mkosi.conf": debian,
      "mkosi.conf.d/a/mkosi.conf": "[Match]\nDistribution=ubuntu\n[Content]\nHostname=a\n",
      "mkosi.conf.d/a/mkosi.extra/": "",
    });
    expect((await load(root)).config).toMatchObject({ ExtraTrees: [] });
  });
});

describe("specifiers", () => {
  test.each([
    ["%d-%r-%a", "debian-trixie-x86-64"],
    ["%t", "disk"],
    ["%F", "ext4"],
    ["%I", "main"],
    ["100%%", "100%"],
    ["%", "%"],
  ])("%s", async (text, expected) => {
    expect((await loadText(`[Content]\nHostname=${text}\n`)).config.Hostname).toBe(expected);
  });

  test("of names, versions and folders", async () => {
    const root = folder({
      "mkosi.conf": `${debian}[Output]\nImageId=i\nImageVersion=3\n[Content]\nKernelCommandLine=%i %v %o %C %P %D\n`,
    });
    expect((await load(root)).config.KernelCommandLine).toEqual(["i", "3", "i_3", root, root, root]);
  });

  test("unknown ones vanish with a warning", async () => {
    const { config, warnings } = await loadText("[Content]\nHostname=a%zb%i\n");
    expect(config.Hostname).toBe("ab");
    expect(warnings.map((warning) => warning.replace(/^.*mkosi/, "mkosi"))).toEqual([
      "mkosi.conf:5: '%z' has no value and is left out",
      "mkosi.conf:5: '%i' has no value and is left out",
    ]);
  });
});

describe("the default initrd", () => {
  test("has the built-in configuration, under what the main image hands down", async () => {
    const { images } = await loadText(
      "Mirror=http://mirror.invalid\n[Output]\nImageVersion=4\nCompressLevel=9\n[Content]\nPackages=vim\nHostname=h\nBootable=yes\nInitrdPackages=tpm2-tools\nLocale=de_DE.UTF-8\n",
    );
    expect(images.map(({ image }) => image)).toEqual(["default-initrd", "main"]);
    const [defaultInitrd] = images;
    expect(defaultInitrd?.config).toMatchObject({
      Mirror: "http://mirror.invalid",
      Release: "trixie",
      Format: "cpio",
      Output: "initrd",
      CompressOutput: "zstd",
      CompressLevel: 9,
      ImageVersion: "4",
      Hostname: "h",
      MakeInitrd: true,
      Bootable: "disabled",
      Locale: "C.UTF-8",
      Initrds: [],
    });
    expect(defaultInitrd?.config.Packages).toContain("tpm2-tools");
    expect(defaultInitrd?.config.Packages).not.toContain("vim");
  });

  test.each([
    ["debian", "trixie", ["systemd-cryptsetup", "systemd-repart"], ["dpkg"]],
    ["debian", "bookworm", [], []],
    ["ubuntu", "noble", ["systemd-repart"], []],
  ])("has the packages of %s %s", async (distribution, release, split, removed) => {
    const root = folder({
      "mkosi.conf": `[Distribution]\nDistribution=${distribution}\nRelease=${release}\n[Content]\nBootable=yes\n`,
    });
    const initrd = (await load(root)).images[0]?.config;
    expect(initrd?.Packages).toEqual(
      [
        ...["^libtss2-esys-[0-9.]+-0(t64)?$", "^libtss2-mu[0-9.-]+(t64)?$", "^libtss2-rc0(t64)?$"],
        ...[
          "^libtss2-tcti-device0(t64)?$",
          "bash",
          "btrfs-progs",
          "dmsetup",
          "dosfstools",
          "e2fsprogs",
          "gzip",
          "kmod",
        ],
        ...[
          "less",
          "libcryptsetup12",
          "libfdisk1",
          "libfido2-1",
          "libseccomp2",
          "mount",
          "procps",
          "systemd",
          ...split,
        ],
        ...["udev", "util-linux"],
      ].sort(),
    );
    expect(initrd?.RemovePackages).toEqual(removed);
  });
});

describe("messages", () => {
  test.each<[content: string, code: string, message: string]>([
    [
      "Distribution=debain\n",
      "unknown-distribution",
      "4: Distribution=debain: expected fedora, debian, kali, ubuntu, postmarketos, arch, opensuse, mageia, centos, rhel, rhel-ubi, openmandriva, rocky, alma, azure or custom; did you mean debian?",
    ],
    [
      "[Output]\nFormat=diks\n",
      "unknown-format",
      "5: Format=diks: expected confext, cpio, directory, disk, esp, none, portable, sysext, tar, uki, oci or addon; did you mean disk?",
    ],
    ["[Match]\nPackages=a\n", "not-matchable", "5: Packages= cannot stand in [Match]"],
    ["nonsense\n", "invalid-syntax", "4: read 'nonsense', expected a line such as Packages=systemd"],
    ["[Match]\nRelaese=a\n", "unknown-condition", "5: Relaese= cannot stand in [Match]; did you mean Release=?"],
    ["[Assert]\nRelease=sid\n", "assertion-failed", "5: Release=sid does not hold, which this file demands"],
    [
      "[TriggerAssert]\nPathExists=gone\n[TriggerAssert]\nImage=!main\n",
      "assertion-failed",
      "7: Image=!main does not hold, which this file demands",
    ],
  ])("%j", async (content, code, message) => {
    const root = folder({ "mkosi.conf": debian + content });
    await expect(load(root)).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: `${join(root, "mkosi.conf")}:${message}`,
    });
  });

  test("what nobody knows is passed over and reported, for a build to refuse", async () => {
    const { problems } = await loadText("[Content]\nPackges=a\nNonsense=a\n[Contnet]\nA=b\n[Other]\n");
    expect(problems.map(({ severity, code, message }) => [severity, code, message])).toEqual([
      ["ignored", "unknown-section", "unknown section [Contnet]; did you mean [Content]?"],
      ["ignored", "unknown-section", "unknown section [Other]"],
      ["ignored", "unknown-setting", "unknown setting Packges=; did you mean Packages=?"],
      ["ignored", "unknown-setting", "unknown setting Nonsense="],
    ]);
  });

  test.each([
    ["ExtraTrees=gone", "file-not-found", "ExtraTrees= names 'gone', but @/gone does not exist"],
    ["BuildScripts=gone/*.sh", "no-match", "BuildScripts= names 'gone/*.sh', which finds no file"],
    ["KernelModulesInclude=(", "invalid-expression", "KernelModulesInclude=( is no regular expression"],
  ])("%s is reported with its place, for a build to refuse", async (line, code, message) => {
    const root = folder({ "mkosi.conf": `${debian}[Content]\n${line}\n` });
    expect((await load(root)).problems).toMatchObject([
      { severity: "ignored", code, where: `${root}/mkosi.conf:5`, message: message.replace("@", root) },
    ]);
  });

  test("an option is named as it was written", async () => {
    const root = folder({ "mkosi.conf": debian });
    const options = given(["Format", "floppy"]);
    await expect(load(root, { arguments: options })).rejects.toMatchObject({
      code: "unknown-format",
      message:
        "--format=floppy: Format=floppy: expected confext, cpio, directory, disk, esp, none, portable, sysext, tar, uki, oci or addon",
    });
  });

  test("a file is named from the directory that was given", async () => {
    const root = relative(process.cwd(), folder({ "mkosi.conf": `${debian}x\n` }));
    await expect(load(root)).rejects.toMatchObject({
      message: `${root}/mkosi.conf:4: read 'x', expected a line such as Packages=systemd`,
    });
  });

  test("no such directory", async () => {
    await expect(load("/nonexistent")).rejects.toMatchObject({
      code: "directory-not-found",
      exitCode: 2,
      message: "The directory /nonexistent does not exist",
    });
  });

  test("a password that everyone can read, and one that a program makes", async () => {
    const root = folder({ "mkosi.conf": debian, "mkosi.rootpw": "x" });
    chmodSync(join(root, "mkosi.rootpw"), 0o644);
    await expect(load(root)).rejects.toMatchObject({
      code: "secret-readable",
      message: `${root}/mkosi.rootpw: holds RootPassword=, but its mode 0644 lets everyone read it`,
      hint: `chmod 600 ${root}/mkosi.rootpw`,
    });
    chmodSync(join(root, "mkosi.rootpw"), 0o700);
    writeFileSync(join(root, "mkosi.rootpw"), "#!/bin/sh\necho hashed:x\n");
    expect((await load(root)).config.RootPassword).toEqual({ value: "x", hashed: true });
  });

  test("a folder that leads back to itself", async () => {
    const root = folder({ "mkosi.conf": debian, "mkosi.conf.d/": "" });
    symlinkSync("..", join(root, "mkosi.conf.d/a"));
    await expect(load(root)).rejects.toMatchObject({
      code: "configuration-cycle",
      exitCode: 2,
      message: `${root}/mkosi.conf.d/a: leads back to a folder that it is a part of`,
    });
  });
});
