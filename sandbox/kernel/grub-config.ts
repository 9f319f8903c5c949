/** grub's configuration on the ESP. Pure: what to boot in, texts out. */

/** One entry of the menu. */
export interface MenuEntry {
  title: string;
  /** As grub calls the firmware that can start it; empty means none. */
  platforms: readonly ("efi" | "pc")[];
  /** Lines of commands. */
  commands: readonly string[];
}

/** grub starts the first entry without waiting, unless a configuration of the user says otherwise. */
const DEFAULT_CONFIGURATION = "set timeout=0\n";

/** The text of grub.cfg: the user's own, or the default one, and the entries. */
export function grubConfiguration(own: string | undefined, entries: readonly MenuEntry[]): string {
  return (own ?? DEFAULT_CONFIGURATION) + entries.map(menuEntry).join("");
}

function menuEntry({ title, platforms, commands }: MenuEntry): string {
  const conditions = platforms.map((platform) => `"\${grub_platform}" == "${platform}"`);
  const lines = [`menuentry "${title}" {`, ...commands.map((command) => `    ${command}`), "}"];
  return [`if [ ${conditions.join(" -o ")} ]; then`, ...lines, "fi", ""].join("\n");
}

/** What a signed grub reads first. */
export function redirection(prefix: string): string {
  return `configfile /${prefix}/grub.cfg\n`;
}

/** Chain-loads a unified kernel image; the path is absolute on the ESP. */
export function unifiedEntry(title: string, path: string): MenuEntry {
  return { title, platforms: ["efi"], commands: [`chainloader ${path}`] };
}

export interface LinuxEntry {
  title: string;
  platforms: MenuEntry["platforms"];
  /** Absolute on the ESP, as all paths here. */
  kernel: string;
  commandLine: readonly string[];
  initrds: readonly string[];
}

/** Boots a kernel that lies beside its initrds. */
export function linuxEntry({ title, platforms, kernel, commandLine, initrds }: LinuxEntry): MenuEntry {
  const commands = [`linux ${[kernel, ...commandLine].join(" ")}`];
  if (initrds.length > 0) commands.push(`initrd ${initrds.join(" ")}`);
  return { title, platforms, commands };
}
