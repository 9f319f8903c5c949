import type { AptRepository } from "../../sandbox/protocol.ts";
import { isX86 } from "./architectures.ts";
import { debian } from "./debian.ts";
import { type BuildableDistribution, localRepository, type RepositoryOptions } from "./distribution.ts";

const keyring = "/usr/share/keyrings/ubuntu-archive-keyring.gpg";

export const ubuntu = {
  ...debian,
  name: "ubuntu",
  prettyName: "Ubuntu",
  releases: ["jammy", "noble", "plucky", "questing", "resolute", "devel"],
  defaultRelease: "devel",
  toolsTreeDistribution: "debian",
  grub: { prefix: "grub", vendor: "ubuntu" },
  isKernelPackage: (name) => name.startsWith("linux-") && !name.startsWith("linux-tools-"),

  osRelease: () => ({}),

  repositories: (options) => {
    if (options.localMirror !== undefined) return [localRepository(options.localMirror, options.release)];
    const urls = buildUrls(options);
    const suites = [options.release, `${options.release}-updates`];
    return [
      repository(options, urls.main, suites, ["deb"]),
      repository(options, urls.security, [`${options.release}-security`], ["deb"]),
    ];
  },

  imageRepositories: (options) => {
    const { main, security } = publicUrls(options.architecture);
    const checked = { ...options, keyCheck: true };
    const types = ["deb", "deb-src"];
    return [
      repository(checked, main, [options.release], types),
      repository(checked, main, [`${options.release}-updates`], types),
      repository(checked, security, [`${options.release}-security`], types),
    ];
  },
} as const satisfies BuildableDistribution;

function publicUrls(architecture: string) {
  if (!isX86(architecture)) return { main: "http://ports.ubuntu.com", security: "http://ports.ubuntu.com" };
  return { main: "http://archive.ubuntu.com/ubuntu", security: "http://security.ubuntu.com/ubuntu" };
}

/** A snapshot is one archive with every pocket in it. */
function buildUrls({ architecture, mirror, snapshot }: RepositoryOptions) {
  if (snapshot !== undefined) {
    const uri = `${(mirror ?? "https://snapshot.ubuntu.com/ubuntu").replace(/\/+$/, "")}/${snapshot}`;
    return { main: uri, security: uri };
  }
  const urls = publicUrls(architecture);
  return mirror === undefined ? urls : { main: mirror, security: urls.security };
}

function repository(options: RepositoryOptions, uri: string, suites: string[], types: string[]): AptRepository {
  const components = ["main", ...options.components];
  return { types, uri, suites, components, signedBy: keyring, trusted: !options.keyCheck };
}
