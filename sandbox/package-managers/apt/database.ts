/** dpkg's database (deb(5), deb-control(5), deb-triggers(5), dpkg(1) "FILES"), written for packages that something else unpacked. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface UnpackedPackage {
  /** Folder of its control files. */
  control: string;
  /** tar's names of its files, one a line. */
  list: string;
}

/** Enters packages as unpacked, not yet configured. Returns the names that their files have in dpkg's info folder. */
export async function writeDatabase(root: string, packages: UnpackedPackage[]): Promise<string[]> {
  const admin = join(root, "var/lib/dpkg");
  for (const name of ["info", "updates", "triggers", "alternatives", "parts"])
    await mkdir(join(admin, name), { recursive: true });
  for (const name of ["available", "diversions", "statoverride", "triggers/File", "triggers/Unincorp"])
    await writeFile(join(admin, name), "");
  await writeFile(join(admin, "info/format"), "1\n");
  const entries = [];
  for (const entry of packages) entries.push(await writePackage(root, admin, entry));
  await writeFile(join(admin, "status"), entries.map(({ status }) => status).join("\n"));
  return entries.map(({ name }) => name);
}

async function writePackage(root: string, admin: string, { control, list }: UnpackedPackage) {
  const stanza = (await readFile(join(control, "control"), "utf8")).trimEnd();
  const name = databaseName(stanza);
  for (const file of await readdir(control))
    if (file !== "control") await copyFile(join(control, file), join(admin, "info", `${name}.${file}`));
  await writeFile(join(admin, "info", `${name}.list`), databaseList(await readFile(list, "latin1")), "latin1");
  const triggers = join(control, "triggers");
  if (existsSync(triggers)) await enterTriggers(admin, name, await readFile(triggers, "utf8"));
  return { name, status: `${insertStatus(stanza)}\n${await conffiles(root, control)}` };
}

/** Packages that several architectures can have at once are told apart by it. */
export function databaseName(stanza: string): string {
  const field = (name: string) => new RegExp(`^${name}: *(.+)$`, "mi").exec(stanza)?.[1]?.trim() ?? "";
  return field("Multi-Arch") === "same" ? `${field("Package")}:${field("Architecture")}` : field("Package");
}

/** dpkg's list of a package's files: absolute, folders without a slash at the end, `/.` for the root. */
export function databaseList(tarNames: string): string {
  const names = tarNames.split("\n").filter((line) => line !== "");
  return names.map((name) => `/${name.replace(/^\.\//, "").replace(/\/$/, "") || "."}\n`).join("");
}

function insertStatus(stanza: string): string {
  return stanza.replace(/^(Package:.*)$/m, "$1\nStatus: install ok unpacked");
}

/** The field that lets a later upgrade see which configuration files were changed. */
async function conffiles(root: string, control: string): Promise<string> {
  const file = join(control, "conffiles");
  if (!existsSync(file)) return "";
  const lines = [];
  for (const line of (await readFile(file, "utf8")).split("\n")) {
    // `remove-on-upgrade PATH` names a file that the package no longer has.
    if (!line.startsWith("/")) continue;
    lines.push(
      ` ${line} ${createHash("md5")
        .update(await readFile(join(root, line)))
        .digest("hex")}\n`,
    );
  }
  return lines.length > 0 ? `Conffiles:\n${lines.join("")}` : "";
}

/** Who is told when a trigger is pulled: file triggers in one file, others in a file of their own. */
async function enterTriggers(admin: string, name: string, text: string): Promise<void> {
  for (const line of text.split("\n")) {
    const match = /^\s*interest(-await|-noawait)?\s+(\S+)/.exec(line);
    if (!match?.[2]) continue;
    const listener = match[1] === "-noawait" ? `${name}/noawait` : name;
    if (match[2].startsWith("/")) await appendFile(join(admin, "triggers/File"), `${match[2]} ${listener}\n`);
    else await appendFile(join(admin, "triggers", match[2]), `${listener}\n`);
  }
}
