import { expect, test } from "vitest";
import { type End, isBrokenKvm } from "../../../../sandbox/vm.ts";

const ended: End = { shutdown: undefined, code: null, signal: null, seconds: 2 };

test.each<[what: string, kvm: boolean, end: Partial<End>, broken: boolean]>([
  ["an internal error in the firmware", true, { shutdown: { guest: true, reason: "internal-error" }, code: 0 }, true],
  ["an abort, before there was a guest", true, { signal: "SIGABRT" }, true],
  ["an abort after a while", true, { signal: "SIGABRT", seconds: 31 }, false],
  ["an abort without KVM", false, { signal: "SIGABRT" }, false],
  ["a wrong option", true, { code: 1 }, false],
  ["somebody ended it", true, { signal: "SIGTERM" }, false],
  ["the guest powered off", true, { shutdown: { guest: true, reason: "guest-shutdown" }, code: 0 }, false],
])("%s", (_, kvm, end, broken) => {
  expect(isBrokenKvm({ kvm, firmware: "uefi" }, { ...ended, ...end })).toBe(broken);
});

test("no system management mode, where Secure Boot needs it", () => {
  const end = { ...ended, code: 1 };
  expect(isBrokenKvm({ kvm: true, firmware: "uefi-secure-boot" }, end)).toBe(true);
  expect(isBrokenKvm({ kvm: false, firmware: "uefi-secure-boot" }, end)).toBe(false);
});
