import { expect, it } from "vitest";
import { doctorText } from "../../../src/verbs/doctor-command.ts";

it("says of each finding what mends it, and at the end whether a build could work", () => {
  const engine = { id: "engine", status: "ok", message: "podman 5.4" } as const;
  const kvm = { id: "kvm", status: "warning", message: "no /dev/kvm", fix: "Turn it on" } as const;
  const ids = { id: "subuid", status: "failed", message: "no subuids", fix: "usermod" } as const;
  expect(doctorText({ ok: true, findings: [engine, kvm] })).toBe(
    "ok      podman 5.4\nwarning no /dev/kvm\n        -> Turn it on\n\nThis machine can build.\n",
  );
  expect(doctorText({ ok: false, findings: [ids] })).toBe(
    "FAILED  no subuids\n        -> usermod\n\nThis machine cannot build yet.\n",
  );
});
