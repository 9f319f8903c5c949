import { describe, expect, test } from "vitest";
import type { RepositoryOptions } from "../../../src/distributions/distribution.ts";
import { buildable, distributions, isBuildable } from "../../../src/distributions/index.ts";

const base: RepositoryOptions = {
  release: "trixie",
  architecture: "x86-64",
  mirror: undefined,
  localMirror: undefined,
  snapshot: undefined,
  components: [],
  keyCheck: true,
  packages: [],
  debianMirror: undefined,
};
const build = (name: keyof typeof buildable, options: Partial<RepositoryOptions>) =>
  buildable[name].repositories({ ...base, ...options }).map(({ uri, suites }) => `${uri} ${suites.join(" ")}`);

describe("Debian", () => {
  test.each<[what: string, options: Partial<RepositoryOptions>, expected: string[]]>([
    [
      "a release",
      {},
      [
        "http://ftp.debian.org/debian trixie trixie-updates",
        "http://security.debian.org/debian-security trixie-security",
      ],
    ],
    ["sid", { release: "sid" }, ["http://ftp.debian.org/debian sid"]],
    ["unstable", { release: "unstable" }, ["http://ftp.debian.org/debian unstable"]],
    [
      "a mirror",
      { mirror: "http://m.invalid/", debianMirror: { main: "http://x.invalid", security: "http://y.invalid" } },
      ["http://m.invalid/debian trixie trixie-updates", "http://m.invalid/debian-security trixie-security"],
    ],
    [
      "the machine's mirror",
      { debianMirror: { main: "http://x.invalid/d", security: "http://y.invalid/s" } },
      ["http://x.invalid/d trixie trixie-updates", "http://y.invalid/s trixie-security"],
    ],
    [
      "debug symbols",
      { packages: ["systemd-dbgsym"], release: "sid" },
      ["http://ftp.debian.org/debian sid", "http://debug.mirrors.debian.org/debian-debug sid-debug"],
    ],
    [
      "a snapshot",
      { snapshot: "20260701T000000Z", mirror: "https://s.invalid" },
      [
        "https://s.invalid/archive/debian/20260701T000000Z trixie",
        "https://s.invalid/archive/debian-security/20260701T000000Z trixie-security",
      ],
    ],
    ["a local mirror", { localMirror: "file:///m" }, ["file:///m trixie"]],
  ])("%s", (_, options, expected) => {
    expect(build("debian", options)).toEqual(expected);
  });

  test("a snapshot without a mirror says what to set", () => {
    expect(() => build("debian", { snapshot: "20260701T000000Z" })).toThrow(
      "Snapshot=20260701T000000Z: Mirror= is not set, and a snapshot has no default mirror",
    );
  });

  test("packages are checked against the archive's keyring, unless told otherwise", () => {
    const [first] = buildable.debian.repositories({ ...base, components: ["contrib"] });
    expect(first).toEqual({
      types: ["deb"],
      uri: "http://ftp.debian.org/debian",
      suites: ["trixie", "trixie-updates"],
      components: ["main", "contrib"],
      signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg",
      trusted: false,
    });
    expect(buildable.debian.repositories({ ...base, keyCheck: false })[0]?.trusted).toBe(true);
    expect(buildable.debian.repositories({ ...base, localMirror: "file:///m" })[0]).toMatchObject({
      trusted: true,
    });
  });

  test("the image itself is told of the public mirrors, with sources", () => {
    const options = { ...base, mirror: "http://m.invalid", snapshot: "1", keyCheck: false };
    expect(buildable.debian.imageRepositories(options)).toEqual(
      [
        ["http://ftp.debian.org/debian", "trixie"],
        ["http://debug.mirrors.debian.org/debian-debug", "trixie-debug"],
        ["http://ftp.debian.org/debian", "trixie-updates"],
        ["http://security.debian.org/debian-security", "trixie-security"],
      ].map(([uri, suite]) => ({
        types: ["deb", "deb-src"],
        uri,
        suites: [suite],
        components: ["main"],
        signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg",
        trusted: false,
      })),
    );
  });
});

describe("Ubuntu", () => {
  test.each<[what: string, options: Partial<RepositoryOptions>, expected: string[]]>([
    [
      "a release",
      { debianMirror: { main: "http://x.invalid", security: "http://y.invalid" } },
      ["http://archive.ubuntu.com/ubuntu noble noble-updates", "http://security.ubuntu.com/ubuntu noble-security"],
    ],
    [
      "another architecture",
      { architecture: "arm64" },
      ["http://ports.ubuntu.com noble noble-updates", "http://ports.ubuntu.com noble-security"],
    ],
    [
      "a mirror",
      { mirror: "http://m.invalid/u" },
      ["http://m.invalid/u noble noble-updates", "http://security.ubuntu.com/ubuntu noble-security"],
    ],
    [
      "a snapshot",
      { snapshot: "20260701T000000Z" },
      [
        "https://snapshot.ubuntu.com/ubuntu/20260701T000000Z noble noble-updates",
        "https://snapshot.ubuntu.com/ubuntu/20260701T000000Z noble-security",
      ],
    ],
  ])("%s", (_, options, expected) => {
    expect(build("ubuntu", { release: "noble", ...options })).toEqual(expected);
  });
});

test.each<[name: keyof typeof distributions, installed: string, expected: boolean]>([
  ["debian", "linux-image-amd64", true],
  ["debian", "linux-headers-amd64", false],
  ["ubuntu", "linux-generic", true],
  ["ubuntu", "linux-tools-generic", false],
  ["kali", "linux-image-amd64", true],
  ["fedora", "kernel-core", true],
  ["rhel-ubi", "kernel", true],
  ["azure", "kernel-devel", false],
  ["opensuse", "kernel-default", true],
  ["opensuse", "kernel", false],
  ["arch", "linux-rt-lts", true],
  ["arch", "linux-headers", false],
  ["postmarketos", "linux-postmarketos-qcom", true],
  ["postmarketos", "linux-lts-dev", false],
  ["postmarketos", "linux-firmware-none", false],
  ["postmarketos", "linux-headers", false],
  ["custom", "linux", false],
])("on %s, %s is a kernel: %s", (name, installed, expected) => {
  expect(distributions[name].isKernelPackage(installed)).toBe(expected);
});

test.each([
  ["sid", { VERSION_CODENAME: "sid" }],
  ["unstable", { VERSION_CODENAME: "sid" }],
  ["trixie", {}],
])("os-release of Debian %s", (release, fields) => {
  expect(buildable.debian.osRelease(release)).toEqual(fields);
});

test.each<[name: keyof typeof distributions, release: string, filesystem: string, tools: string | undefined]>([
  ["fedora", "rawhide", "btrfs", undefined],
  ["debian", "testing", "ext4", undefined],
  ["kali", "kali-rolling", "ext4", undefined],
  ["ubuntu", "devel", "ext4", "debian"],
  ["postmarketos", "edge", "ext4", undefined],
  ["arch", "rolling", "ext4", undefined],
  ["opensuse", "tumbleweed", "btrfs", undefined],
  ["mageia", "cauldron", "ext4", undefined],
  ["centos", "10", "xfs", "fedora"],
  ["rhel", "10", "xfs", "fedora"],
  ["rhel-ubi", "10", "xfs", "fedora"],
  ["openmandriva", "cooker", "ext4", undefined],
  ["rocky", "10", "xfs", "fedora"],
  ["alma", "10", "xfs", "fedora"],
  ["azure", "3.0", "ext4", undefined],
  ["custom", "", "ext4", undefined],
])("defaults of %s", (name, release, filesystem, tools) => {
  const { defaultRelease, rootFilesystem, toolsTreeDistribution } = distributions[name];
  expect([defaultRelease, rootFilesystem, toolsTreeDistribution]).toEqual([release, filesystem, tools]);
});

test("every distribution has its own name, and two of them are built", () => {
  expect(Object.entries(distributions).map(([key, { name }]) => [key, name])).toEqual(
    Object.keys(distributions).map((key) => [key, key]),
  );
  const built = Object.values(distributions).filter(isBuildable);
  expect(built.map(({ name }) => name)).toEqual(["debian", "ubuntu"]);
});
