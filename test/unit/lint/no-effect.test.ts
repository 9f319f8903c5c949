import { expect, test } from "vitest";
import { findSetting } from "../../../src/config/settings/index.ts";
import { noEffects } from "../../../src/lint/no-effect.ts";
import { debian, folder, given } from "../config/folder.ts";
import { lintFiles, lintFolder } from "./lint.ts";

/** What is said of a mkosi.conf with these lines, which need no sections in order for this. */
async function voids(...lines: string[]): Promise<string[]> {
  const all = await lintFiles({ "mkosi.conf": `${debian}${lines.join("\n")}\n`, "dir/": "" });
  return all.filter((line) => line.includes("[no-effect]")).map((line) => line.replace(/^.*warning: | \[.*$/g, ""));
}

const pem = "https://key";

/** The setting with a value, what makes it void, what makes it count again, and the reason. */
const cases: [setting: string, without: string, by: string, why: string][] = [
  ["CompressLevel=5", "Format=directory", "Format=tar", "the output is not compressed"],
  ["CompressLevel=5", "Format=tar\nCompressOutput=none", "Format=tar", "the output is not compressed"],
  [
    "RepartDirectories=dir",
    "Format=tar",
    "Format=disk",
    "Format= is not disk, and no other format is made of such partitions",
  ],
  ["SectorSize=4096", "Format=tar", "Format=esp", "the output of this Format= has no partitions"],
  [
    "Seed=0e9a6fe0-68f6-408c-bbeb-136054d20445",
    "Format=cpio",
    "Format=sysext",
    "the output of this Format= has no partitions",
  ],
  ["OutputSize=2G", "Format=tar", "Format=disk", "Format= is not disk"],
  ["ElToritoVolume=a", "Format=tar", "Format=disk", "Format= is not disk"],
  ["ElToritoVolume=a", "ElTorito=no", "ElTorito=yes", "ElTorito= is off"],
  ["OciLabels=a=b", "Format=tar", "Format=oci", "Format= is not oci"],
  ["Overlay=yes", "Format=tar", "BaseTrees=dir", "there are no BaseTrees="],
  ["ExtraTrees=dir:/d", "Format=none", "Format=tar", "Format=none makes no image"],
  ["Bootloader=grub", "Bootable=no", "Bootable=yes", "Bootable= is off"],
  ["BiosBootloader=grub", "Bootable=no", "Bootable=yes", "the image is not to boot"],
  ["ShimBootloader=signed", "Bootloader=none", "Bootloader=uki", "Bootloader= is none"],
  ["Splash=/s.bmp", "UnifiedKernelImages=none", "Bootloader=uki", "no unified kernel image is made"],
  ["Splash=/s.bmp", "UnifiedKernelImages=none", "Format=uki", "no unified kernel image is made"],
  ["KernelInitrdModules=a", "KernelModulesInitrd=no", "KernelModulesInitrd=yes", "KernelModulesInitrd= is off"],
  ["InitrdPackages=a", "Bootable=no", "Bootable=yes", "no default initrd is made"],
  ["ToolsTreePackages=a", "Format=tar", "ToolsTree=default", "ToolsTree= is not default"],
  ["MakeInitrd=yes", "Format=disk", "Format=esp", "the output of this Format= is never an initrd"],
  ["Hostname=a", "Format=sysext", "Format=disk", "an extension of another system does not say who that is"],
  [`SecureBootKey=${pem}`, "SecureBoot=no", "SecureBoot=yes", "SecureBoot= is off"],
  [`VerityKey=${pem}`, "Verity=hash", "Verity=signed", "Verity= asks for no signature"],
  [`SignExpectedPcrKey=${pem}`, "SignExpectedPcr=no", "SignExpectedPcr=auto", "SignExpectedPcr= is off"],
  ["Key=a", "Sign=no", "Sign=yes", "Sign= is off"],
  ["BuildPackages=a", "Format=tar", "BuildScripts=mkosi.conf", "there are no BuildScripts="],
  ["Mirror=https://a", "LocalMirror=https://b", "Format=tar", "LocalMirror= takes its place"],
  ["ProxyExclude=a", "Format=tar", "ProxyUrl=http://a", "there is no ProxyUrl="],
  ["VSockCID=5", "VSock=no", "VSock=yes", "VSock= is off"],
  ["FirmwareVariables=custom", "Firmware=linux", "Firmware=uefi", "Firmware= starts no UEFI"],
];

test.each(cases)("%s with %s", async (setting, without, by, why) => {
  const [name] = setting.split("=");
  const expected = `${name}= has no effect: ${why}`;
  expect(await voids("[Content]", setting, without)).toContain(expected);
  expect(await voids("[Content]", setting, by)).not.toContain(expected);
});

test("every row has a case, and every setting is one", () => {
  expect(noEffects.map(({ why }) => why).filter((why) => !cases.some((one) => one[3] === why))).toEqual([]);
  expect(noEffects.flatMap(({ settings }) => settings).filter((name) => findSetting(name) === undefined)).toEqual([]);
});

test.each([
  ["it is off itself", "Bootable=no\nBootloader=none"],
  ["it is reset again", "Format=tar\nOciLabels="],
])("nothing is said of a setting where %s", async (_, lines) => {
  expect(await voids("[Content]", lines)).toEqual([]);
});

test("what reaches several images is void where it is void in all of them", async () => {
  const main = `${debian}[Output]\nFormat=directory\nCompressLevel=5\n`;
  const sub = (format: string) => folder({ "mkosi.conf": main, "mkosi.images/a.conf": `[Output]\nFormat=${format}\n` });
  const message = "mkosi.conf:6:1: warning: CompressLevel= has no effect: the output is not compressed [no-effect]";
  expect(await lintFolder(sub("directory"))).toEqual([message]);
  expect(await lintFolder(sub("tar"))).toEqual([]);
});

test("an option is named as it was given", async () => {
  const lines = await lintFiles({ "mkosi.conf": debian }, given(["Key", "a"]));
  expect(lines).toEqual(["--key=a: warning: Key= has no effect: Sign= is off [no-effect]"]);
});
