import { copyFile, link, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Context } from "../../context.ts";
import { BuildError, ToolError } from "../../errors.ts";
import { lookUp, publish, storePath } from "../../store.ts";
import { fileHash, valueHash } from "../../tree/hash.ts";
import { byCodeUnit } from "../../tree/walk.ts";
import type { LocalPackages, Metadata } from "../package-manager.ts";
import { apt, makeIndexFolders, REPOSITORY } from "./tool.ts";

const PACKAGE = /\.d?deb$/;

interface LocalFile {
  name: string;
  sha256: string;
}

/**
 * The metadata with one more repository, which apt prefers to all others: of the packages in folders, and of single ones.
 * The packages are then on the volume as downloaded ones are. Throws BuildError `package-invalid`.
 */
export async function withLocal(context: Context, given: Metadata, more: LocalPackages): Promise<Metadata> {
  const metadata = given.local?.over ?? given;
  const local = {
    folders: [...(given.local?.folders ?? []), ...more.folders],
    files: [...(given.local?.files ?? []), ...more.files],
  };
  const found = await Promise.all(local.folders.map(packagesIn));
  const paths = [...found.flat(), ...local.files];
  if (paths.length === 0) return metadata;
  const files: LocalFile[] = [];
  for (const path of paths) files.push(await keep(context, path));
  // Of two files with one name the later one counts, as where one is copied over the other.
  const named = [...new Map(files.map((file) => [file.name, file])).values()].sort((a, b) =>
    byCodeUnit(a.name, b.name),
  );
  const key = valueHash({ index: metadata.key, local: named, tools: context.plan.tools }).slice(0, 32);
  const path = await context.share(`local index ${key}`, async () => {
    return (await lookUp("indexes", key)) ?? makeIndex(context, metadata, named, key);
  });
  return { ...metadata, key, path, local: { ...local, over: metadata } };
}

/** The name that a package's own file says it has. */
export async function packageName({ run }: Context, file: string): Promise<string> {
  const binds = [{ source: file, target: "/package.deb", readOnly: true }];
  const argv = ["dpkg-deb", "--field", "/package.deb", "Package"];
  try {
    return (await run(argv, { binds, stdout: "capture" })).stdout.trim();
  } catch (error) {
    throw error instanceof ToolError ? unreadable(basename(file), error) : error;
  }
}

async function packagesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => PACKAGE.test(name)).sort(byCodeUnit);
  return names.map((name) => join(folder, name));
}

/** Copies a package to where downloaded ones are. */
async function keep(context: Context, path: string): Promise<LocalFile> {
  const sha256 = await fileHash(path);
  await context.share(`local package ${sha256}`, async () => {
    if (await lookUp("packages", `${sha256}.deb`)) return;
    // What cannot be read is passed over where the repository is made.
    await packageName(context, path);
    const aside = join(context.work, `local-${sha256}`);
    await copyFile(path, aside);
    await publish(aside, "packages", `${sha256}.deb`);
  });
  // A single file is known by the name of its mount.
  return { name: PACKAGE.test(path) ? basename(path) : `${sha256}.deb`, sha256 };
}

async function makeIndex(context: Context, metadata: Metadata, files: LocalFile[], key: string): Promise<string> {
  const index = join(context.work, `local-index-${key}`);
  const repository = join(index, "repository");
  await makeIndexFolders(index);
  await mkdir(repository);
  for (const name of await readdir(join(metadata.path, "lists"), { withFileTypes: true }))
    if (name.isFile()) await link(join(metadata.path, "lists", name.name), join(index, "lists", name.name));
  for (const { name, sha256 } of files) await link(storePath("packages", `${sha256}.deb`), join(repository, name));
  const binds = [{ source: repository, target: REPOSITORY, readOnly: true }];
  const { stdout } = await context
    .run(["apt-ftparchive", "packages", "."], { binds, workingDirectory: REPOSITORY, stdout: "capture" })
    .catch((error) => {
      throw error instanceof ToolError ? unreadable("PackageDirectories=", error) : error;
    });
  await writeFile(join(repository, "Packages"), stdout);
  const only = ["Dir::Etc::sourcelist=/etc/apt/sources.list.d/local.sources", "Dir::Etc::sourceparts=-"];
  const words = [...only, "APT::Get::List-Cleanup=0"].flatMap((option) => ["-o", option]);
  await apt(context, { index }, ["apt-get", "update", ...words]);
  const path = await publish(index, "indexes", key);
  await rm(index, { recursive: true, force: true });
  return path;
}

function unreadable(what: string, error: ToolError): BuildError {
  const line = error.output.at(-1) ?? error.message;
  return new BuildError("package-invalid", `${what}: a package cannot be read: ${line.trim()}`, {
    command: error.command,
    tail: error.tail,
  });
}
