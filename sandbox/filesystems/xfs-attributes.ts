import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { aclToXfs, XFS_NAMES } from "../tree/acls.ts";
import type { TreeEntry } from "../tree/entries.ts";
import { type FilesystemJob, outputPath, toolOptions } from "./filesystem.ts";
import { fixed } from "./fixed.ts";
import { unsupported } from "./xfs.ts";

/** Flags of attr_set by namespace. */
const NAMESPACES: Readonly<Record<string, string>> = { security: "-s", trusted: "-r", user: "-u" };

/** Sets with xfs_db(8) what a prototype file has no place for: the sticky bit and extended attributes. */
export async function setAttributes(job: FilesystemJob): Promise<void> {
  const values = `${job.output}.values`;
  await mkdir(values);
  const commands: string[] = [];
  let count = 0;
  for (const entry of job.entries) {
    const own = sticky(entry);
    for (const [name, value] of entry.xattrs) {
      const words = stored(name);
      if (!words) continue;
      if (/\s/.test(name)) throw unsupported(job, entry, "white space in the name of an attribute");
      const file = String(count++);
      await writeFile(join(values, file), name in XFS_NAMES ? aclToXfs(value) : value);
      own.push(`attr_set ${words.flag} -V ${seen(job, values)}/${file} ${words.name}`);
    }
    if (own.length === 0) continue;
    if (/\s/.test(entry.path)) throw unsupported(job, entry, "white space in the name of a file with attributes");
    commands.push(`path /${entry.path}`, ...own);
  }
  if (commands.length === 0) return;
  const input = Buffer.from(`${commands.join("\n")}\nquit\n`, "latin1");
  await job.context.run([...fixed(job), "xfs_db", "-x", outputPath(job)], { ...toolOptions(job), input });
}

/** Namespace and name on disk; undefined for what has no place there. */
function stored(name: string): { flag: string; name: string } | undefined {
  const acl = XFS_NAMES[name];
  if (acl !== undefined) return { flag: "-r", name: acl };
  const flag = NAMESPACES[name.split(".", 1)[0] ?? ""];
  return flag === undefined ? undefined : { flag, name: name.slice(name.indexOf(".") + 1) };
}

function sticky({ mode }: TreeEntry): string[] {
  return mode & 0o1000 ? [`write core.mode 0${(0o040000 | mode).toString(8)}`] : [];
}

function seen(job: FilesystemJob, folder: string): string {
  return join(outputPath(job), "..", basename(folder));
}
