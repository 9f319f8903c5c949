import { describe, expect, test } from "vitest";
import { ukiProfiles } from "../../../../src/config/values/uki-profiles.ts";
import { contextWith, reads, refuses, writes } from "./context.ts";

const tree = {
  "/conf/a.conf": "[UKIProfile]\nProfile=ID=a\n  TITLE=A = b\nCmdline=x=1 y\nCmdline=z\nSignExpectedPcr=no\n",
  "/conf/b.conf": "[UKIProfile]\nCmdline=x\nCmdline=\nSignExpectedPcr=\n",
};
const a = { profile: { ID: "a", TITLE: "A = b" }, cmdline: ["x=1", "y", "z"], signExpectedPcr: false };
const b = { profile: {}, cmdline: [], signExpectedPcr: true };

describe("UKI profiles", () => {
  reads(
    ukiProfiles,
    [
      ["a.conf b.conf", [a, b]],
      ["", undefined],
    ],
    tree,
  );
  refuses(ukiProfiles, [["none", "file-not-found", "S= names 'none', but /conf/none does not exist"]]);
  writes(ukiProfiles, [
    [[a], [{ Profile: { ID: "a", TITLE: "A = b" }, Cmdline: ["x=1", "y", "z"], SignExpectedPcr: false }]],
  ]);

  test("a mistake in the file is shown with its place there", () => {
    const context = contextWith({ "/conf/p": "[UKIProfile]\n\nSignExpectedPcr=perhaps\n" });
    expect(() => ukiProfiles.parse("p", undefined, context)).toThrow(
      "/conf/p:3: SignExpectedPcr=perhaps: expected yes or no",
    );
  });

  test("what is not known is a warning", () => {
    const context = contextWith({ "/conf/p": "[X-Own]\nA=1\n[UKI]\nB=1\n[UKIProfile]\nCmdlin=x\nOther=y\n" });
    expect(ukiProfiles.parse("p", undefined, context)).toEqual([b]);
    expect(context.warnings).toEqual([
      "unknown-section: /conf/p:3: [UKI] is ignored, expected [UKIProfile]",
      "unknown-setting: /conf/p:6: Cmdlin= is ignored, expected Profile, Cmdline or SignExpectedPcr; did you mean Cmdline?",
      "unknown-setting: /conf/p:7: Other= is ignored, expected Profile, Cmdline or SignExpectedPcr",
    ]);
  });
});
