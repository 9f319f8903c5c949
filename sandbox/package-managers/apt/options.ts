import type { Context } from "../../context.ts";
import type { AptRepository } from "../../protocol.ts";
import { BUILDROOT } from "../../run.ts";

/** Environment of apt and of maintainer scripts. */
export const APT_ENVIRONMENT = {
  APT_CONFIG: "/etc/apt/apt.conf",
  DEBIAN_FRONTEND: "noninteractive",
  DEBCONF_INTERACTIVE_SEEN: "true",
  // The kernel's scripts would make an initrd of their own.
  INITRD: "No",
  KERNEL_INSTALL_BYPASS: "1",
  SYSTEMD_OFFLINE: "1",
};

/** Documentation, as dpkg's and tar's patterns below the root. The copyright files stay: licences ask for it. */
export const DOCUMENTATION = [
  "usr/share/doc/*",
  "usr/share/man/*",
  "usr/share/groff/*",
  "usr/share/gtk-doc/*",
  "usr/share/info/*",
];
export const DOCUMENTATION_KEPT = "usr/share/doc/*/copyright";

/** The configuration file that apt reads in its namespace (apt.conf(5)). */
export function aptConfiguration({ image }: Context): string {
  const settings: Record<string, string> = {
    "APT::Architecture": image.packageArchitecture,
    "APT::Architectures": image.packageArchitecture,
    "APT::Install-Recommends": String(image.withRecommends),
    "APT::Install-Suggests": "false",
    "APT::Immediate-Configure": "off",
    "APT::Get::Assume-Yes": "true",
    "APT::Get::Allow-Remove-Essential": "true",
    // Packages of the user's own come before newer ones.
    "APT::Get::allow-downgrades": "true",
    "APT::Get::AutomaticRemove": "true",
    "APT::Sandbox::User": "root",
    "APT::Update::Error-Mode": "any",
    "Acquire::AllowReleaseInfoChange": "true",
    "Acquire::Check-Valid-Until": "false",
    // Neither is needed to install, and both are larger than the index.
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
    "Acquire::ForceHash": "SHA256",
    // A fifth larger than xz, and unpacked in a fifth of the time, which is what one waits for.
    "Acquire::CompressionTypes::Order::": "gz",
    "Acquire::Retries": "3",
    "Dir::State::status": `${BUILDROOT}/var/lib/dpkg/status`,
    "Dir::State": `${BUILDROOT}/var/lib/apt`,
    "Dir::State::lists": "/var/lib/apt/lists",
    "Dir::Log": "/tmp",
    // Its size depends on the tree's state; the larger half, of the lists alone, is kept as srcpkgcache.bin.
    "Dir::Cache::pkgcache": "",
    "Debug::NoLocking": "true",
    "DPkg::Use-Pty": "false",
    "DPkg::Install::Recursive::Minimum": "1000",
    "pkgCacheGen::ForceEssential": ",",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
  return [...lines, ...dpkgOptions(image.withDocs).map((option) => `DPkg::Options:: "${option}";`), ""].join("\n");
}

/** What dpkg is told wherever it runs. */
export function dpkgOptions(withDocs: boolean): string[] {
  const options = [`--root=${BUILDROOT}`, "--log=/dev/null", "--no-debsig"];
  options.push(
    ...["unsafe-io", "architecture", "depends", "confnew", "remove-essential", "remove-protected"].map(
      (what) => `--force-${what}`,
    ),
  );
  if (withDocs) return options;
  options.push(...DOCUMENTATION.map((pattern) => `--path-exclude=/${pattern}`));
  return [...options, `--path-include=/${DOCUMENTATION_KEPT}`];
}

/** A deb822 sources file (sources.list(5)). */
export function renderSources(repositories: AptRepository[]): string {
  return repositories.map(stanza).join("\n");
}

function stanza(repository: AptRepository): string {
  const lines = [
    "Enabled: yes",
    `Types: ${repository.types.join(" ")}`,
    `URIs: ${repository.uri}`,
    `Suites: ${repository.suites.join(" ")}`,
    `Components: ${repository.components.join(" ")}`,
  ];
  if (repository.signedBy) lines.push(`Signed-By: ${repository.signedBy}`);
  if (repository.trusted) lines.push("Trusted: yes");
  return `${lines.join("\n")}\n`;
}
