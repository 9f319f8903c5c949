import { expect, test } from "vitest";
import { detectHost, distributionAt, machineFiles } from "../../../src/config/machine.ts";
import { folder } from "./folder.ts";

test.each<[release: string, distribution: string | undefined, version: string | undefined]>([
  ["ID=debian\nVERSION_ID=13\nVERSION_CODENAME=trixie\n", "debian", "trixie"],
  ["ID=debian\n", "debian", "testing"],
  ["ID=fedora\nVERSION_ID=42\nVERSION_CODENAME=\n", "fedora", "42"],
  ["ID=arch\n", "arch", "rolling"],
  ["ID=opensuse-tumbleweed\nID_LIKE=opensuse suse\nVERSION_ID=20260101\n", "opensuse", "tumbleweed"],
  ["ID=azurelinux\nVERSION_ID=3.0\n", "azure", "3.0"],
  ["ID=linuxmint\nID_LIKE=ubuntu debian\nVERSION_ID=22\nVERSION_CODENAME=wilma\n", "ubuntu", "wilma"],
  ["ID=nixos\nVERSION_ID=26.05\n", "nixos", "26.05"],
  ["", undefined, undefined],
])("os-release %j is %s %s", (text, distribution, release) => {
  const files = { ...machineFiles, exists: (path: string) => path === "/etc/os-release", read: () => text };
  expect(detectHost({}, files)).toEqual({ distribution, release });
});

test("the environment may say what the host is", () => {
  const environment = { MKOSI_HOST_DISTRIBUTION: "arch", MKOSI_HOST_RELEASE: "rolling" };
  expect(detectHost(environment)).toEqual({ distribution: "arch", release: "rolling" });
});

test("of another tree", () => {
  const root = folder({ "usr/lib/os-release": "ID=ubuntu\n" });
  expect(distributionAt(root, machineFiles)).toBe("ubuntu");
  expect(distributionAt(`${root}/none`, machineFiles)).toBeUndefined();
});
