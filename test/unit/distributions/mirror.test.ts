import { expect, test } from "vitest";
import { debianMirror, type MirrorHost } from "../../../src/distributions/mirror.ts";

const MAIN = "http://ftp.debian.org/debian";
const SECURITY = "http://security.debian.org/debian-security";

function host(files: Record<string, string>, environment: MirrorHost["environment"] = {}): MirrorHost {
  return {
    environment,
    readFile: async (path) => files[path],
    readFolder: async (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
  };
}

const list = (text: string) => ({ "/etc/apt/sources.list": text });
const sources = (text: string) => ({ "/etc/apt/sources.list.d/debian.sources": text });

test.each<[string, Record<string, string>, string, string]>([
  ["nothing is configured", {}, MAIN, SECURITY],
  ["one-line format", list("deb http://a.example/debian bookworm main contrib\n"), "http://a.example/debian", SECURITY],
  [
    "options",
    list("deb [ arch=amd64 signed-by=/k.gpg ] https://a.example/debian/ sid main"),
    "https://a.example/debian",
    SECURITY,
  ],
  [
    "the security archive",
    list("deb http://a.example/debian-security bookworm-security main\ndeb http://b.example/x/debian trixie main"),
    "http://b.example/x/debian",
    "http://a.example/debian-security",
  ],
  [
    "comments",
    list("# deb http://a.example/debian trixie main\n  deb http://b.example/debian trixie main # mine"),
    "http://b.example/debian",
    SECURITY,
  ],
  ["source packages only", list("deb-src http://a.example/debian trixie main"), MAIN, SECURITY],
  ["a third party's folder called debian", list("deb https://a.example/linux/debian nodistro main"), MAIN, SECURITY],
  ["a third party's component", list("deb https://a.example/linux/debian trixie stable"), MAIN, SECURITY],
  ["Ubuntu", list("deb http://a.example/ubuntu noble main"), MAIN, SECURITY],
  [
    "neither http nor https",
    list("deb cdrom:[Debian]/debian trixie main\ndeb file:/srv/debian trixie main"),
    MAIN,
    SECURITY,
  ],
  [
    "a list in the folder",
    { "/etc/apt/sources.list.d/x.list": "deb http://a.example/debian stable main" },
    "http://a.example/debian",
    SECURITY,
  ],
  [
    "a disabled file",
    { "/etc/apt/sources.list.d/x.list.disabled": "deb http://a.example/debian stable main" },
    MAIN,
    SECURITY,
  ],
  [
    "deb822",
    sources(
      "Types: deb deb-src\nURIs: http://a.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\n" +
        "Types: deb\nURIs: http://a.example/debian-security\nSuites: bookworm-security\nComponents: main\n",
    ),
    "http://a.example/debian",
    "http://a.example/debian-security",
  ],
  [
    "deb822, folded",
    sources("Types: deb\nURIs:\n http://a.example/debian\nSuites: trixie\nComponents: main"),
    "http://a.example/debian",
    SECURITY,
  ],
  [
    "deb822, switched off",
    sources("Enabled: no\nTypes: deb\nURIs: http://a.example/debian\nSuites: trixie\nComponents: main"),
    MAIN,
    SECURITY,
  ],
])("%s", async (_title, files, main, security) => {
  expect(await debianMirror(host(files))).toEqual({ main, security });
});

test("the environment overrides the main mirror", async () => {
  const configured = host(list("deb http://a.example/debian trixie main"), {
    CAISSON_DEBIAN_MIRROR: "http://mine.example/debian/",
  });
  expect(await debianMirror(configured)).toEqual({ main: "http://mine.example/debian", security: SECURITY });
});
