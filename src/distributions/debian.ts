import { ExitCode } from "../../sandbox/exit-code.ts";
import type { AptRepository } from "../../sandbox/protocol.ts";
import { UserError } from "../errors.ts";
import { type BuildableDistribution, joinMirror, localRepository, type RepositoryOptions } from "./distribution.ts";
import { publicDebianMirror } from "./mirror.ts";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const rolling = ["unstable", "sid"];
const publicPools = { ...publicDebianMirror, debug: "http://debug.mirrors.debian.org/debian-debug" };

export const debian = {
  name: "debian",
  prettyName: "Debian",
  releases: ["bookworm", "trixie", "forky", "sid", "stable", "testing", "unstable"],
  defaultRelease: "testing",
  packageManager: "apt",
  architectures: {
    alpha: "alpha",
    arm: "armhf",
    arm64: "arm64",
    ia64: "ia64",
    loongarch64: "loong64",
    "mips-le": "mipsel",
    "mips64-le": "mips64el",
    parisc: "hppa",
    ppc64: "ppc64",
    "ppc64-le": "ppc64el",
    riscv64: "riscv64",
    s390: "s390",
    s390x: "s390x",
    x86: "i386",
    "x86-64": "amd64",
  },
  rootFilesystem: "ext4",
  grub: { prefix: "grub", vendor: "debian" },
  keysToFetch: false,
  isKernelPackage: (name) => name.startsWith("linux-image-"),

  // Debian's testing and unstable share one file, which names testing.
  osRelease: (release) => (rolling.includes(release) ? { VERSION_CODENAME: "sid" } : {}),

  repositories: (options) => {
    if (options.localMirror !== undefined) return [localRepository(options.localMirror, options.release)];
    const pockets = buildPockets(options);
    return pockets.map(({ uri, suites }) => repository(options, uri, suites, ["deb"]));
  },

  imageRepositories: (options) =>
    publicPockets(options.release).map(([uri, suite]) =>
      repository({ ...options, keyCheck: true }, uri, [suite], ["deb", "deb-src"]),
    ),
} as const satisfies BuildableDistribution;

function buildPockets(options: RepositoryOptions): { uri: string; suites: string[] }[] {
  const { release } = options;
  const urls = poolUrls(options);
  const isRolling = rolling.includes(release);
  const main = isRolling || options.snapshot !== undefined ? [release] : [release, `${release}-updates`];
  return [
    { uri: urls.main, suites: main },
    ...(wantsDebugSymbols(options.packages) ? [{ uri: urls.debug, suites: [`${release}-debug`] }] : []),
    ...(isRolling ? [] : [{ uri: urls.security, suites: [`${release}-security`] }]),
  ];
}

/** Debug symbols have a large index of their own, so it is fetched for those alone who ask for one of them. */
function wantsDebugSymbols(packages: readonly string[]): boolean {
  return packages.some((name) => /-dbgsym\b/.test(name));
}

function poolUrls({ mirror, snapshot, debianMirror }: RepositoryOptions) {
  if (snapshot !== undefined) {
    if (mirror === undefined) throw snapshotWithoutMirror(snapshot);
    const base = joinMirror(mirror, "archive");
    const pool = (name: string) => joinMirror(base, `${name}/${snapshot}`);
    return { main: pool("debian"), debug: pool("debian-debug"), security: pool("debian-security") };
  }
  if (mirror === undefined) return { ...publicPools, ...debianMirror };
  const joined = (name: string) => joinMirror(mirror, name);
  return { main: joined("debian"), debug: joined("debian-debug"), security: joined("debian-security") };
}

function snapshotWithoutMirror(snapshot: string): UserError {
  return new UserError(
    "snapshot-needs-mirror",
    `Snapshot=${snapshot}: Mirror= is not set, and a snapshot has no default mirror`,
    {
      exitCode: ExitCode.usage,
      hint: "Set Mirror= to the address of a snapshot archive, without its /archive/debian",
    },
  );
}

function publicPockets(release: string): [uri: string, suite: string][] {
  const { main, debug, security } = publicPools;
  const always: [string, string][] = [
    [main, release],
    [debug, `${release}-debug`],
  ];
  if (rolling.includes(release)) return always;
  return [...always, [main, `${release}-updates`], [security, `${release}-security`]];
}

function repository(options: RepositoryOptions, uri: string, suites: string[], types: string[]): AptRepository {
  const components = ["main", ...options.components];
  return { types, uri, suites, components, signedBy: keyring, trusted: !options.keyCheck };
}
