import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { BUILDROOT } from "../../run.ts";
import { type Commands, kernelMounts } from "../../scripts/commands.ts";
import { mountOverlay } from "../../tree/overlay.ts";
import type { Metadata } from "../package-manager.ts";
import { proxyBinds } from "./network.ts";
import { APT_ENVIRONMENT, dpkgOptions } from "./options.ts";
import { configuration, REPOSITORY } from "./tool.ts";

/** Where a script's namespace has what apt alone needs. */
const PLACE = "/run/caisson/apt";

const APT = [
  "apt",
  "apt-cache",
  "apt-cdrom",
  "apt-config",
  "apt-extracttemplates",
  "apt-get",
  "apt-mark",
  "apt-sortpkgs",
];

/**
 * The commands of apt and dpkg for scripts, working on the tree with our configuration. What they change in the
 * repositories' lists is lost afterwards: other images use them too.
 */
export async function withCommands<T>(
  context: Context,
  metadata: Metadata,
  work: (commands: Commands) => Promise<T>,
): Promise<T> {
  const folder = join(context.work, "script-index");
  const index = await mountOverlay([metadata.path], folder);
  const repository = join(metadata.path, "repository");
  try {
    return await work({
      commands: aptCommands(context),
      binds: [
        { source: await configuration(context, metadata.path), target: `${PLACE}/etc`, readOnly: true },
        { source: join(index.root, "lists"), target: `${PLACE}/lists` },
        { source: join(index.root, "cache"), target: `${PLACE}/cache` },
        ...(existsSync(repository) ? [{ source: repository, target: REPOSITORY, readOnly: true }] : []),
        ...proxyBinds(context),
      ],
    });
  } finally {
    await index.unmount();
    await rm(folder, { recursive: true, force: true });
  }
}

export function aptCommands({ image }: Pick<Context, "image">): Record<string, string[]> {
  const variables = Object.entries({ ...image.environment, ...APT_ENVIRONMENT, HOME: "/" });
  const environment = variables.flatMap(([name, value]) => ["--setenv", name, value]);
  const [namespace, dpkg] = [aptNamespace(), dpkgOptions(image.withDocs)];
  return {
    ...Object.fromEntries(APT.map((name) => [name, [...namespace, ...environment, "--", `/usr/bin/${name}`]])),
    dpkg: [...namespace, ...environment, "--", "/usr/bin/dpkg", ...dpkg],
    "dpkg-query": [...namespace, "--", "/usr/bin/dpkg-query", `--root=${BUILDROOT}`],
    "mkosi-install": ["apt-get", "install"],
    "mkosi-upgrade": ["apt-get", "upgrade"],
    "mkosi-remove": ["apt-get", "purge"],
    "mkosi-reinstall": ["apt-get", "install", "--reinstall"],
  };
}

/** The script's namespace, with apt's folders in place, and the tree ready for the scripts of packages. */
function aptNamespace(): string[] {
  const machineId = `${BUILDROOT}/etc/machine-id`;
  return [
    ...["bwrap", "--bind", "/", "/", ...kernelMounts(BUILDROOT)],
    ...["--bind", "/var/tmp", `${BUILDROOT}/var/tmp`, "--cap-add", "ALL"],
    // No package is to write a new one.
    ...["--ro-bind-try", machineId, machineId],
    ...["--ro-bind", `${PLACE}/etc`, "/etc/apt", "--bind", `${PLACE}/lists`, "/var/lib/apt/lists"],
    ...["--bind", `${PLACE}/cache`, "/var/cache/apt"],
  ];
}
