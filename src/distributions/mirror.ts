import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readStanzas } from "../tools/deb822.ts";

/** What of the host is looked at; injected in tests. */
export interface MirrorHost {
  environment: Readonly<Record<string, string | undefined>>;
  /** A file's text; undefined where there is none. */
  readFile: (path: string) => Promise<string | undefined>;
  /** Names in a folder; empty where there is none. */
  readFolder: (path: string) => Promise<string[]>;
}

/** URLs without a trailing slash. */
export interface DebianMirror {
  main: string;
  security: string;
}

interface Source {
  uri: string;
  suites: string[];
  components: string[];
}

/** What everybody reaches. */
export const publicDebianMirror: DebianMirror = {
  main: "http://ftp.debian.org/debian",
  security: "http://security.debian.org/debian-security",
};
const APT = "/etc/apt";
const SECURITY_SUITE = /(-security|\/updates)\/?$/;
/** Suites are checked as well because third parties also serve from a folder called `debian`. */
const RELEASES = "buster|bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|testing|unstable";
const SUITE = new RegExp(`^(${RELEASES})(-updates|-backports|-proposed-updates)?$`);

/**
 * The Debian mirror that the host's own apt uses, of whatever release, else Debian's public one. Third-party
 * repositories are ignored. `CAISSON_DEBIAN_MIRROR` comes before both. Formats: sources.list(5).
 */
export async function debianMirror(host: MirrorHost = thisHost): Promise<DebianMirror> {
  const sources = await readSources(host);
  const web = sources.filter((source) => /^https?:/.test(source.uri));
  const main = web.find(isMain)?.uri ?? publicDebianMirror.main;
  const security = web.find(isSecurity)?.uri ?? publicDebianMirror.security;
  return { main: trim(host.environment.CAISSON_DEBIAN_MIRROR || main), security: trim(security) };
}

export const thisHost: MirrorHost = {
  environment: process.env,
  readFile: (path) => readFile(path, "utf8").catch(absent(undefined)),
  readFolder: (path) => readdir(path).catch(absent([])),
};

function absent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return value;
    throw error;
  };
}

async function readSources(host: MirrorHost): Promise<Source[]> {
  const folder = join(APT, "sources.list.d");
  const names = (await host.readFolder(folder)).sort().map((name) => join(folder, name));
  const sources: Source[] = [];
  for (const path of [join(APT, "sources.list"), ...names]) {
    const parse = path.endsWith(".list") ? parseList : path.endsWith(".sources") ? parseDeb822 : undefined;
    if (parse) sources.push(...parse((await host.readFile(path)) ?? ""));
  }
  return sources;
}

function parseList(text: string): Source[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (!match) return [];
    const [, uri = "", suite = "", components = ""] = match;
    return [{ uri, suites: [suite], components: words(components) }];
  });
}

function parseDeb822(text: string): Source[] {
  return [...readStanzas(text)].flatMap((stanza) => {
    const enabled = !/^(no|false|0|off|without|disable)$/i.test(stanza.get("enabled") ?? "");
    if (!enabled || !words(stanza.get("types")).includes("deb")) return [];
    const suites = words(stanza.get("suites"));
    const components = words(stanza.get("components"));
    return words(stanza.get("uris")).map((uri) => ({ uri, suites, components }));
  });
}

function isMain({ uri, suites, components }: Source): boolean {
  return /\/debian\/?$/.test(uri) && suites.some((suite) => SUITE.test(suite)) && components.includes("main");
}

function isSecurity({ uri, suites, components }: Source): boolean {
  const path = /\/debian-security\/?$/.test(uri) || /^https?:\/\/security\.debian\.org\//.test(uri);
  return path && suites.some((suite) => SECURITY_SUITE.test(suite)) && components.includes("main");
}

function words(text = ""): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function trim(url: string): string {
  return url.replace(/\/+$/, "");
}
