import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { TreeEntry } from "../tree/entries.ts";
import { type FilesystemJob, outputPath, toolOptions } from "./filesystem.ts";
import { fixed } from "./fixed.ts";
import { unsupported } from "./xfs.ts";

/** Flags of attr_set by namespace. ACLs have a form of their own on disk. */
const NAMESPACES: Readonly<Record<string, { flag: string; prefix: string }>> = {
  security: { flag: "-s", prefix: "" },
  trusted: { flag: "-r", prefix: "" },
  user: { flag: "-u", prefix: "" },
};

/** Sets with xfs_db(8) what a prototype file has no place for: the sticky bit and extended attributes. */
export async function setAttributes(job: FilesystemJob): Promise<void> {
  const values = `${job.output}.values`;
  await mkdir(values);
  const commands: string[] = [];
  let count = 0;
  for (const entry of job.entries) {
    const own = sticky(entry);
    for (const [name, value] of entry.xattrs) {
      const [space = "", ...rest] = name.split(".");
      const namespace = NAMESPACES[space];
      if (!namespace) continue;
      if (/\s/.test(name)) throw unsupported(job, entry, "white space in the name of an attribute");
      const file = String(count++);
      await writeFile(join(values, file), value);
      own.push(`attr_set ${namespace.flag} -V ${seen(job, values)}/${file} ${rest.join(".")}`);
    }
    if (own.length === 0) continue;
    if (/\s/.test(entry.path)) throw unsupported(job, entry, "white space in the name of a file with attributes");
    commands.push(`path /${entry.path}`, ...own);
  }
  if (commands.length === 0) return;
  const input = Buffer.from(`${commands.join("\n")}\nquit\n`, "latin1");
  await job.context.run([...fixed(job), "xfs_db", "-x", outputPath(job)], { ...toolOptions(job), input });
}

function sticky({ mode }: TreeEntry): string[] {
  return mode & 0o1000 ? [`write core.mode 0${(0o040000 | mode).toString(8)}`] : [];
}

function seen(job: FilesystemJob, folder: string): string {
  return join(outputPath(job), "..", basename(folder));
}
