import { describe, expect, test } from "vitest";
import { type SettingName, settings } from "../../../src/config/settings/index.ts";
import type { Get, Setting, Surroundings } from "../../../src/config/settings/setting.ts";

const rows = settings as readonly Setting[];

const somewhere: Surroundings = {
  image: "main",
  workingDirectory: "/home/me/project",
  host: { distribution: "debian", release: "trixie", architecture: "arm64" },
  distributionAt: () => undefined,
  environment: {},
  exists: () => false,
};

/** The default of `name` where some settings are set, and all others have their defaults. */
function defaultOf(name: SettingName, set: Record<string, unknown> = {}, at: Partial<Surroundings> = {}): unknown {
  const surroundings = { ...somewhere, ...at };
  const get = ((row: Setting) =>
    Object.hasOwn(set, row.name) ? set[row.name] : row.fallback(get, surroundings)) as Get;
  return rows.find((row) => row.name === name)?.fallback(get, surroundings);
}

const on = (distribution: string, release?: string): Partial<Surroundings> => ({
  host: { distribution, release, architecture: "x86-64" },
});

type Case = [name: SettingName, set: Record<string, unknown>, at: Partial<Surroundings>, value: unknown];

const names: Case[] = [
  ["Output", {}, {}, "image"],
  ["Output", { ImageId: "os" }, {}, "os"],
  ["Output", { ImageId: "os", ImageVersion: "7" }, {}, "os_7"],
  ["Output", { ImageId: "os" }, { image: "base" }, "base"],
  ["Output", { ImageVersion: "7" }, { image: "base" }, "base_7"],
  ["Seed", {}, {}, undefined],
  ["Machine", {}, {}, "project"],
  ["BuildSources", {}, {}, [{ source: "/home/me/project" }]],
];

const formats: Case[] = [
  ["OutputExtension", {}, {}, "raw"],
  ["OutputExtension", { Format: "directory" }, {}, ""],
  ["OutputExtension", { Format: "tar" }, {}, "tar"],
  ["OutputExtension", { Format: "cpio" }, {}, "cpio"],
  ["OutputExtension", { Format: "uki" }, {}, "efi"],
  ["OutputExtension", { Format: "esp" }, {}, "raw"],
  ["OutputExtension", { Format: "addon" }, {}, "efi"],
  ["OutputExtension", { Format: "sysext" }, {}, "raw"],
  ["CompressOutput", {}, {}, "none"],
  ["CompressOutput", { Format: "directory" }, {}, "none"],
  ["CompressOutput", { Format: "sysext" }, {}, "none"],
  ["CompressOutput", { Format: "tar" }, {}, "zstd"],
  ["CompressOutput", { Format: "cpio" }, {}, "zstd"],
  ["CompressOutput", { Format: "uki" }, {}, "zstd"],
  ["CompressOutput", { Format: "esp" }, {}, "zstd"],
  ["CompressOutput", { Format: "addon" }, {}, "zstd"],
  ["CompressOutput", { Format: "oci" }, {}, "gz"],
];

const kernel = { Distribution: "debian", Packages: ["linux-image-amd64"] };

const initrds: Case[] = [
  ["Initrds", {}, {}, []],
  ["Initrds", kernel, {}, ["default"]],
  ["Initrds", { Distribution: "debian", VolatilePackages: kernel.Packages }, {}, ["default"]],
  ["Initrds", { ...kernel, Bootable: "disabled" }, {}, []],
  ["Initrds", { Bootable: "enabled" }, {}, ["default"]],
  ["Initrds", { ...kernel, Format: "directory" }, {}, []],
  ["Initrds", { Bootable: "enabled", Format: "directory" }, {}, ["default"]],
  ["Initrds", { ...kernel, Format: "cpio" }, {}, []],
  ["Initrds", { ...kernel, Format: "sysext" }, {}, []],
  ["Initrds", { ...kernel, Format: "tar" }, {}, ["default"]],
  ["Initrds", { ...kernel, Overlay: true }, {}, []],
  ["Initrds", { ...kernel, Bootable: "enabled", Format: "uki" }, {}, []],
  ["Initrds", { ...kernel, Bootable: "enabled", Format: "esp" }, {}, []],
];

const distributions: Case[] = [
  ["Distribution", {}, {}, "debian"],
  ["Distribution", {}, on("nixos"), "custom"],
  ["Release", {}, {}, "trixie"],
  ["Release", { Distribution: "debian" }, on("fedora", "43"), "testing"],
  ["Release", { Distribution: "fedora" }, {}, "rawhide"],
  ["Architecture", {}, {}, "arm64"],
];

const toolsTrees: Case[] = [
  ["ToolsTreeDistribution", {}, {}, "debian"],
  ["ToolsTreeDistribution", { Distribution: "fedora" }, {}, "debian"],
  ["ToolsTreeDistribution", {}, on("arch"), "arch"],
  ["ToolsTreeDistribution", {}, on("ubuntu"), "debian"],
  ["ToolsTreeDistribution", {}, on("centos"), "fedora"],
  ["ToolsTreeDistribution", {}, on("rocky"), "fedora"],
  ["ToolsTreeDistribution", {}, on("nixos"), "custom"],
  ["ToolsTreeRelease", {}, {}, "testing"],
  ["ToolsTreeRelease", { ToolsTreeDistribution: "fedora" }, {}, "rawhide"],
  ["ToolsTreeMirror", {}, {}, undefined],
  ["ToolsTreeMirror", { Mirror: "http://m" }, {}, "http://m"],
  ["ToolsTreeMirror", { Mirror: "" }, {}, undefined],
  ["ToolsTreeMirror", { Mirror: "http://m", Distribution: "fedora" }, {}, undefined],
  ["RepositoryKeyFetch", { Distribution: "fedora" }, {}, false],
  ["RepositoryKeyFetch", { Distribution: "fedora" }, { distributionAt: () => "ubuntu" }, true],
  ["RepositoryKeyFetch", { Distribution: "debian" }, { distributionAt: () => "ubuntu" }, false],
  ["RepositoryKeyFetch", { Distribution: "debian" }, { distributionAt: () => "nixos" }, true],
  ["RepositoryKeyFetch", { Distribution: "arch", ToolsTree: "default", ToolsTreeDistribution: "ubuntu" }, {}, true],
  ["RepositoryKeyFetch", { Distribution: "arch", ToolsTree: "yes", ToolsTreeDistribution: "debian" }, {}, false],
];

const proxies: Case[] = [
  ["ProxyUrl", {}, {}, undefined],
  ["ProxyUrl", {}, { environment: { HTTPS_PROXY: "http://p" } }, "http://p"],
  ["ProxyUrl", {}, { environment: { https_proxy: "http://p", http_proxy: "http://q" } }, "http://p"],
  ["ProxyUrl", { Environment: { http_proxy: "http://e" } }, { environment: { http_proxy: "http://p" } }, ""],
  ["ProxyUrl", {}, { environment: { http_proxy: undefined, HTTP_PROXY: "http://p" } }, "http://p"],
  ["ProxyExclude", {}, {}, undefined],
  ["ProxyExclude", {}, { environment: { no_proxy: "a,b" } }, ["a", "b"]],
  ["ProxyExclude", { Environment: { NO_PROXY: "c" } }, { environment: { no_proxy: "a,b" } }, [""]],
  ["ProxyPeerCertificate", {}, {}, undefined],
  ["ProxyPeerCertificate", {}, { exists: () => true }, "/etc/pki/tls/certs/ca-bundle.crt"],
  [
    "ProxyPeerCertificate",
    {},
    { exists: (path) => path.startsWith("/etc/ssl/") },
    "/etc/ssl/certs/ca-certificates.crt",
  ],
  ["ProxyClientKey", {}, {}, undefined],
  ["ProxyClientKey", { ProxyClientCertificate: "/c.pem" }, {}, "/c.pem"],
];

const others: Case[] = [
  ["Checksum", {}, {}, false],
  ["Checksum", { Sign: true }, {}, true],
  ["SourceDateEpoch", {}, {}, undefined],
  ["SourceDateEpoch", {}, { environment: { SOURCE_DATE_EPOCH: "7" } }, 7],
  ["SourceDateEpoch", { Environment: { SOURCE_DATE_EPOCH: "8" } }, { environment: { SOURCE_DATE_EPOCH: "7" } }, 7],
  ["SshKey", {}, { exists: () => true }, undefined],
  ["SshCertificate", {}, { exists: () => true }, undefined],
];

describe.each(Object.entries({ names, formats, initrds, distributions, toolsTrees, proxies, others }))(
  "defaults: %s",
  (_, cases) => {
    test.each(cases)("%s with %j", (name, set, at, value) => expect(defaultOf(name, set, at)).toEqual(value));
  },
);

test("every default that is told in words is among them", () => {
  const tested = new Set(
    [names, formats, initrds, distributions, toolsTrees, proxies, others].flat().map(([name]) => name),
  );
  const told = rows.filter(({ defaultText }) => defaultText !== undefined).map(({ name }) => name);
  expect(told.filter((name) => !tested.has(name as SettingName))).toEqual([]);
});
