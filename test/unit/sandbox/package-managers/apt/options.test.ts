import { expect, test } from "vitest";
import type { Context } from "../../../../../sandbox/context.ts";
import { aptConfiguration, dpkgOptions, renderSources } from "../../../../../sandbox/package-managers/apt/options.ts";

const repository = {
  types: ["deb"],
  uri: "http://ftp.debian.org/debian",
  suites: ["trixie", "trixie-updates"],
  components: ["main", "contrib"],
  trusted: false,
};

/** Only what the code under test reads. */
function context(image: Partial<Context["image"]> = {}): Context {
  const base = { packageArchitecture: "arm64", withRecommends: false, withDocs: true };
  return { image: { ...base, ...image } } as unknown as Context;
}

test("sources in deb822 form, a stanza for each repository", () => {
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const local = { ...repository, types: ["deb", "deb-src"], suites: ["./"], components: [], trusted: true };
  expect(renderSources([{ ...repository, signedBy: keyring }, local])).toBe(
    `Enabled: yes
Types: deb
URIs: http://ftp.debian.org/debian
Suites: trixie trixie-updates
Components: main contrib
Signed-By: ${keyring}

Enabled: yes
Types: deb deb-src
URIs: http://ftp.debian.org/debian
Suites: ./
Components: 
Trusted: yes
`,
  );
});

test("without documentation dpkg leaves it out, but for the copyright files", () => {
  const without = dpkgOptions(false);
  expect(without.filter((option) => !dpkgOptions(true).includes(option))).toEqual([
    "--path-exclude=/usr/share/doc/*",
    "--path-exclude=/usr/share/man/*",
    "--path-exclude=/usr/share/groff/*",
    "--path-exclude=/usr/share/gtk-doc/*",
    "--path-exclude=/usr/share/info/*",
    "--path-include=/usr/share/doc/*/copyright",
  ]);
  // Of two that match, dpkg goes by the later one.
  expect(without.at(-1)).toBe("--path-include=/usr/share/doc/*/copyright");
});

test("dpkg works on the image's tree, and keeps no log of the time", () => {
  expect(dpkgOptions(true)).toEqual(expect.arrayContaining(["--root=/buildroot", "--log=/dev/null"]));
});

test.each([
  [{}, 'APT::Architecture "arm64";'],
  [{}, 'APT::Install-Recommends "false";'],
  [{ withRecommends: true }, 'APT::Install-Recommends "true";'],
  [{}, 'Dir::State::status "/buildroot/var/lib/dpkg/status";'],
  [{}, 'DPkg::Options:: "--root=/buildroot";'],
  [{ withDocs: false }, 'DPkg::Options:: "--path-exclude=/usr/share/man/*";'],
])("apt's configuration of %j has %s", (image, line) => {
  expect(aptConfiguration(context(image)).split("\n")).toContain(line);
});

test("every line of apt's configuration is a setting", () => {
  const lines = aptConfiguration(context({ withDocs: false }))
    .trimEnd()
    .split("\n");
  expect(lines.filter((line) => !/^[\w:-]+ "[^"]*";$/.test(line))).toEqual([]);
});
