import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePlan } from "../../../src/plan/index.ts";
import { folder, load } from "../config/folder.ts";

const options = { toolsKey: "tools", build: "b1", force: 0, explain: false };
const distribution = "[Distribution]\nDistribution=debian\nRelease=sid\n[Output]\nFormat=tar\n";

test("packages by name and by file, their folders, and what the tools see", async () => {
  const root = folder({
    "mkosi.conf": `${distribution}[Content]\nPackages=a\n  ./b.deb\nVolatilePackages=/c/d.ddeb\n  e\nVolatilePackageDirectories=more\n`,
    "mkosi.packages/": "",
    "mkosi.sandbox/": "",
    "more/": "",
    "mkosi.images/sub/mkosi.conf": "",
  });
  const { plan, mounts } = makePlan(await load(root), options);
  const directories = [{ source: "packages-1" }, { source: "packages-2" }];
  const sandboxTrees = [{ source: "sandbox-1", name: "mkosi.sandbox", target: "/" }];
  expect(plan.images[0]).toMatchObject({
    name: "sub",
    packageDirectories: directories,
    sandboxTrees,
    dependencies: [],
  });
  expect(plan.images[1]).toMatchObject({
    packages: ["a"],
    packageFiles: [{ source: "main-package-1" }],
    volatilePackages: ["e"],
    volatilePackageFiles: [{ source: "main-package-2" }],
    packageDirectories: directories,
    sandboxTrees,
    dependencies: ["sub"],
  });
  expect(mounts.map(({ name, hostPath }) => [name, hostPath])).toEqual([
    ["packages-1", join(root, "mkosi.packages")],
    ["packages-2", join(root, "more")],
    ["sandbox-1", join(root, "mkosi.sandbox")],
    ["main-package-1", join(root, "b.deb")],
    ["main-package-2", "/c/d.ddeb"],
  ]);
});

test.each([
  ["ProxyUrl=http://p:3128\nProxyExclude=a,.b", { url: "http://p:3128", exclude: ["a", ".b"] }],
  ["Environment=https_proxy=http://q\nEnvironment=no_proxy=a,b", { url: "http://q", exclude: ["a", "b"] }],
  ["ProxyUrl=", undefined],
])("%j", async (lines, expected) => {
  const root = folder({ "mkosi.conf": `${distribution}[Build]\nProxyPeerCertificate=\n${lines}\n` });
  expect(makePlan(await load(root), options).plan.images.at(-1)?.proxy).toEqual(expected);
});

test("the key of a proxy is no source, which would be hashed", async () => {
  const root = folder({
    "mkosi.conf": `${distribution}[Build]\nProxyUrl=https://p\nProxyPeerCertificate=ca.pem\nProxyClientCertificate=client.pem\n`,
    "ca.pem": "",
    "client.pem": "",
  });
  chmodSync(join(root, "client.pem"), 0o600);
  expect(makePlan(await load(root), options).plan.images.at(-1)?.proxy).toEqual({
    url: "https://p",
    exclude: [],
    authorities: { source: "proxy-1" },
    certificate: { secret: "proxy-2" },
    key: { secret: "proxy-2" },
  });
});
