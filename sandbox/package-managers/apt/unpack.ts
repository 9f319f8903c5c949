/**
 * Makes the first tree. dpkg runs a package's scripts as it unpacks it, which needs a shell and libraries that are not
 * there yet; so all essential packages are unpacked first, at the same time, entered in dpkg's database as "unpacked",
 * and then dpkg configures them as usual.
 */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import type { Package } from "../package-manager.ts";
import { type UnpackedPackage, writeDatabase } from "./database.ts";
import { packageFile } from "./fetch.ts";
import { APT_ENVIRONMENT, DOCUMENTATION, dpkgOptions } from "./options.ts";
import { dpkg, withPolicy } from "./scripts.ts";

export async function installBase(context: Context, packages: Package[], root: string): Promise<void> {
  await mergeUsr(context, root);
  const unpacked = await unpackAll(context, packages, root);
  const names = await writeDatabase(root, unpacked);
  await withPolicy(root, async () => {
    await preinst(context, root, names);
    const options = dpkgOptions(context.image.withDocs);
    // The packages that the others take for granted without saying so.
    await dpkg(context, root, [...options, "--configure", "base-passwd", "base-files"]);
    await dpkg(context, root, [...options, "--configure", "--pending"]);
  });
}

/** Folders of / that are links into /usr: packages of older releases ship files through them (as debootstrap does). */
async function mergeUsr({ image }: Context, root: string): Promise<void> {
  const wide: Record<string, string[]> = { amd64: ["lib32", "lib64", "libx32"], i386: ["lib64", "libx32"] };
  for (const name of ["bin", "sbin", "lib", ...(wide[image.packageArchitecture] ?? [])]) {
    await mkdir(join(root, "usr", name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

/** For the package `$1`: its files into the tree, their names and its control files into `$2`. */
const UNPACK = `
mkdir "$2"
dpkg-deb --control "$1" "$2/control"
dpkg-deb --fsys-tarfile "$1" |
  tar --extract --verbose --directory=/buildroot --preserve-permissions --same-owner --numeric-owner \\
    --keep-directory-symlink --warning=no-timestamp --quoting-style=literal \\
    --exclude-from=/unpacked/exclude > "$2/list"
`;

async function unpackAll(context: Context, packages: Package[], root: string): Promise<UnpackedPackage[]> {
  const folder = join(context.work, "unpacked");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "exclude"), exclusions(context.image.withDocs));
  const jobs = packages.map((entry) => ({ file: packageFile(entry), name: `${entry.name}_${entry.architecture}` }));
  const binds = jobs.map(({ file, name }) => ({ source: file, target: `/packages/${name}.deb`, readOnly: true }));
  const input = jobs.map(({ name }) => `/packages/${name}.deb\0/unpacked/${name}\0`).join("");
  const parallel = ["xargs", "-0", "-n", "2", "-P", String(availableParallelism() + 1)];
  await context.run([...parallel, "bash", "-o", "pipefail", "-euc", UNPACK, "unpack"], {
    root,
    binds: [{ source: folder, target: "/unpacked" }, ...binds],
    input,
  });
  return jobs.map(({ name }) => ({ control: join(folder, name, "control"), list: join(folder, name, "list") }));
}

/** tar(1) patterns. Licences ask for the copyright files to stay, which is why a folder's other files are named. */
function exclusions(withDocs: boolean): string {
  if (withDocs) return "";
  const kept = DOCUMENTATION.filter((pattern) => !pattern.startsWith("usr/share/doc/"));
  return [...kept.map((pattern) => `./${pattern}`), "./usr/share/doc/*/[!c]*", "./usr/share/doc/*/c[!o]*", ""].join(
    "\n",
  );
}

/** Runs the `preinst install` scripts, which dpkg would have run before it unpacked; `$@` are names in dpkg's database. */
const PREINST = `
for package in "$@"; do
  script=/var/lib/dpkg/info/$package.preinst
  [ -x "$script" ] || continue
  export DPKG_MAINTSCRIPT_PACKAGE=\${package%%:*} DPKG_MAINTSCRIPT_NAME=preinst
  "$script" install
done
`;

async function preinst(context: Context, root: string, names: string[]): Promise<void> {
  // It makes /etc/passwd, which the others read.
  const ordered = ["base-passwd", ...names.filter((name) => name !== "base-passwd")];
  const architecture = context.image.packageArchitecture;
  const environment = {
    ...APT_ENVIRONMENT,
    DPKG_ROOT: "",
    DPKG_ADMINDIR: "/var/lib/dpkg",
    DPKG_MAINTSCRIPT_ARCH: architecture,
  };
  await context.run(["sh", "-euc", PREINST, "preinst", ...ordered], { root, chroot: true, environment });
}
