import { expect, test } from "vitest";
import { lintText } from "./lint.ts";

const end = "[Content]\nPackages=a\n";

test.each<[name: string, conf: string, problems: string[]]>([
  [
    "two values of one setting",
    "[Match]\nFormat=tar\nFormat=disk\n",
    ["3:1: warning: Format=disk can never hold together with Format=tar in line 2 [unreachable-match]"],
  ],
  [
    "two values in two sections",
    "[Match]\nFormat=tar\n[Match]\nFormat=|disk\nFormat=|cpio\n",
    ["5:1: warning: Format=|cpio can never hold together with Format=tar in line 2 [unreachable-match]"],
  ],
  [
    "a value and its negation",
    "[Match]\nDistribution=debian\nDistribution=!debian\n",
    [
      "3:1: warning: Distribution=!debian can never hold together with Distribution=debian in line 2 [unreachable-match]",
    ],
  ],
  [
    "two words for the same value, one of them negated",
    "[Match]\nBootable=yes\nBootable=!true\n",
    ["3:1: warning: Bootable=!true can never hold together with Bootable=yes in line 2 [unreachable-match]"],
  ],
  [
    "a release of another distribution",
    "[Match]\nDistribution=debian\nRelease=noble\n",
    ["3:1: warning: Release=noble can never hold together with Distribution=debian in line 2 [unreachable-match]"],
  ],
  [
    "one of several triggers",
    "[TriggerMatch]\nDistribution=kali\n[TriggerMatch]\nImage=main\nImage=tools\n",
    ["5:1: warning: Image=tools can never hold together with Image=main in line 4 [unreachable-match]"],
  ],
  [
    "a trigger and a condition of the whole file",
    "[Match]\nFormat=tar\n[TriggerMatch]\nFormat=disk\n",
    ["4:1: warning: Format=disk can never hold together with Format=tar in line 2 [unreachable-match]"],
  ],
  [
    "a condition that stands there twice",
    "[Match]\nFormat=|tar\nFormat=|tar\n",
    ["3:1: warning: Format=|tar stands in line 2 already [repeated-condition]"],
  ],
  [
    "an image that is none",
    "[Match]\nImage=sup\n",
    ["2:7: warning: Image=sup: there is no image sup; did you mean sub? [unknown-image]"],
  ],
  [
    "a profile that is none",
    "[Match]\nProfiles=!q\n",
    ["2:10: warning: Profiles=!q: there is no profile q; did you mean p? [unknown-profile]"],
  ],
])("finds %s", async (_, conf, problems) => {
  const files = { "mkosi.images/sub.conf": end, "mkosi.profiles/p.conf": end, "mkosi.conf.d/a.conf": conf + end };
  expect(await lintText("", files)).toEqual(problems.map((problem) => `mkosi.conf.d/a.conf:${problem}`));
});

test.each([
  ["alternatives", "[Match]\nFormat=|tar\nFormat=|disk\n"],
  ["negations", "[Match]\nFormat=!tar\nFormat=!disk\n"],
  ["an alternative of another setting", "[Match]\nFormat=tar\nFormat=|disk\nBootable=|yes\n"],
  ["ranges of versions", "[Match]\nImageVersion=>=1\nImageVersion=<2\n"],
  ["patterns", "[Match]\nImageId=a*\nImageId=*b\n"],
  ["items of lists", "[Match]\nProfiles=p\nProfiles=p2\n"],
  ["an architecture and one of its properties", "[Match]\nArchitecture=uefi\nArchitecture=x86-64\n"],
  ["a release that no list has", "[Match]\nDistribution=debian\nRelease=buster\n"],
  ["triggers that differ", "[TriggerMatch]\nFormat=tar\n[TriggerMatch]\nFormat=disk\n"],
  ["images and profiles that there are", "[Match]\nImage=default-initrd\n[Match]\nProfiles=devel\n"],
])("lets %s pass", async (_, conf) => {
  const files = { "mkosi.profiles/p.conf": end, "mkosi.profiles/p2.conf": end, "mkosi.conf.d/a.conf": conf + end };
  expect(await lintText("", files)).toEqual([]);
});

test("conditions of a folder hold for what is in it, but for those on what it sets", async () => {
  const folder = (content: string) => ({
    "mkosi.conf.d/f/mkosi.conf": `[Match]\nDistribution=|fedora\nDistribution=|centos\n${content}`,
    "mkosi.conf.d/f/mkosi.conf.d/a.conf": `[Match]\nDistribution=debian\n${end}`,
  });
  expect(await lintText("", folder(end))).toEqual([
    "mkosi.conf.d/f/mkosi.conf.d/a.conf:2:1: warning: Distribution=debian can never hold together with " +
      "Distribution=|centos in mkosi.conf.d/f/mkosi.conf:3 [unreachable-match]",
  ]);
  expect(await lintText("", folder("[Distribution]\nDistribution=debian\n"))).toEqual([]);
});
