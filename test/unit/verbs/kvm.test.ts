import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { chooseKvm, type KvmQuestion, openKvm } from "../../../src/verbs/kvm.ts";

const question: KvmQuestion = {
  wanted: "auto",
  guest: "x86-64",
  host: "x86-64",
  remote: false,
  device: async () => undefined,
};
const missing = async () => "there is no /dev/kvm";

it.each([
  ["usable", {}, { kvm: true }],
  ["asked for and usable", { wanted: "enabled" }, { kvm: true }],
  ["not wanted", { wanted: "disabled" }, { kvm: false, why: "KVM=no" }],
  ["missing", { device: missing }, { kvm: false, why: "there is no /dev/kvm" }],
  ["foreign", { guest: "arm64" }, { kvm: false, why: "the image is for arm64, and this machine is x86-64" }],
  ["elsewhere", { remote: true }, { kvm: false, why: "the engine is on another machine, whose /dev/kvm is not used" }],
] as const)("%s", async (_, change, expected) => expect(await chooseKvm({ ...question, ...change })).toEqual(expected));

it("refuses where it is asked for and missing", async () => {
  await expect(chooseKvm({ ...question, wanted: "enabled", device: missing })).rejects.toMatchObject({
    code: "no-kvm",
    message: "KVM=yes, but there is no /dev/kvm",
    hint: "'caisson doctor' says what mends it; KVM=auto goes on without",
    exitCode: 3,
  });
});

it("opens the device to find out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "caisson-kvm-"));
  await writeFile(join(folder, "kvm"), "");
  expect(await openKvm(join(folder, "kvm"))).toBeUndefined();
  expect(await openKvm(join(folder, "none"))).toBe(`there is no ${join(folder, "none")}`);
  expect(await openKvm(folder)).toBe(`${folder} cannot be opened (EISDIR)`);
  await rm(folder, { recursive: true });
});
