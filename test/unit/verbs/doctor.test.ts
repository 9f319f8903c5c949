import { describe, expect, it } from "vitest";
import type { Engine, EngineInfo } from "../../../src/engine/engine.ts";
import { UserError } from "../../../src/errors.ts";
import { examine } from "../../../src/verbs/doctor.ts";
import { type FakeHost, fakeHost } from "../../support/host.ts";

const GIB = 2 ** 30;
const info: EngineInfo = {
  version: "4.9.3",
  storageDriver: "overlay",
  storagePath: "/storage",
  architecture: "x86-64",
  runtime: "crun",
  kernelVersion: "6.1.0",
  cgroupVersion: "2",
  ids: 65_537,
  cpus: 2,
  memory: GIB,
};
const files = {
  "/proc/sys/kernel/osrelease": "6.1.0-18-amd64\n",
  "/etc/os-release": "ID=debian",
  "/etc/subuid": "kim:100000:65536\n",
  "/etc/subgid": "kim:100000:65536\n",
};
const healthy: FakeHost = {
  files,
  commands: ["newuidmap", "newgidmap"],
  paths: { "/dev/kvm": true, "/dev/fuse": true, "/dev/net/tun": true },
  free: { "/storage": 20 * GIB, "/out": 20 * GIB },
};

interface Case {
  host?: FakeHost;
  info?: Partial<EngineInfo>;
  rootless?: boolean;
  error?: UserError;
}

function report({ host = {}, info: changed = {}, rootless = true, error }: Case) {
  const machine = fakeHost({
    ...healthy,
    ...host,
    files: { ...files, ...host.files },
    paths: { ...healthy.paths, ...host.paths },
    free: { ...healthy.free, ...host.free },
  });
  const engine = {
    name: "podman",
    rootless,
    remote: false,
    address: "unix:///p.sock",
    info: async () => ({ ...info, ...changed }),
    close: async () => undefined,
  } as unknown as Engine;
  return examine(machine, "/out", async () => {
    if (error) throw error;
    return engine;
  });
}

const NO_ENGINE = new UserError("no-engine", "No container engine was found.", { hint: "Install podman: x" });
const DELEGATE = "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 kim && podman system migrate";
const SLOW = "`vm` uses QEMU's emulation (TCG), which is several times slower";

describe("doctor", () => {
  it("finds nothing wrong with a healthy host", async () => {
    expect(await report({})).toEqual({
      ok: true,
      findings: [
        { id: "engine", status: "ok", message: "podman 4.9.3, rootless, at unix:///p.sock." },
        { id: "subids", status: "ok", message: "Containers have 65537 user ids." },
        { id: "storage-driver", status: "ok", message: "Images are kept with overlay." },
        { id: "runtime", status: "ok", message: "Containers run with crun." },
        { id: "kernel", status: "ok", message: "Linux 6.1.0-18-amd64 has overlayfs in user namespaces." },
        { id: "user-namespaces", status: "ok", message: "User namespaces are allowed." },
        { id: "kvm", status: "ok", message: "/dev/kvm is usable: `vm` runs at full speed." },
        { id: "fuse", status: "ok", message: "/dev/fuse is usable." },
        { id: "tun", status: "ok", message: "/dev/net/tun is usable." },
        { id: "space-storage", status: "ok", message: "20.0 GiB are free in /storage." },
        { id: "space-output", status: "ok", message: "20.0 GiB are free in /out." },
      ],
    });
  });

  it.each<[Case, { id: string; status: string; message: string; fix?: string }]>([
    [{ error: NO_ENGINE }, { id: "engine", status: "failed", message: NO_ENGINE.message, fix: "Install podman: x" }],
    [
      { error: NO_ENGINE, host: { files: { "/etc/subuid": "" } } },
      { id: "subuid", status: "failed", message: "/etc/subuid gives kim 0 ids; images need 65536.", fix: DELEGATE },
    ],
    [
      { error: NO_ENGINE, host: { files: { "/etc/subgid": "kim:1:10" } } },
      { id: "subgid", status: "failed", message: "/etc/subgid gives kim 10 ids; images need 65536.", fix: DELEGATE },
    ],
    [
      { error: NO_ENGINE, host: { commands: [] } },
      {
        id: "newuidmap",
        status: "failed",
        message: "The command newuidmap is missing: without it, a user's containers have one id only.",
        fix: "sudo apt-get install -y podman uidmap slirp4netns fuse-overlayfs crun containers-storage",
      },
    ],
    [
      { info: { storageDriver: "vfs" }, rootless: false },
      {
        id: "storage-driver",
        status: "warning",
        message:
          "Images are kept with vfs, which copies all of an image for each container: slow, and takes much space.",
      },
    ],
    [
      { host: { files: { "/sys/fs/cgroup/unified/cgroup.controllers": "" } } },
      {
        id: "runtime",
        status: "warning",
        message: "Both versions of cgroups are mounted: crun refuses such a host, and there is no runc.",
        fix: "sudo apt-get install -y runc",
      },
    ],
    [
      { host: { files: { "/proc/sys/kernel/osrelease": "5.10.0-8-amd64\n" } } },
      {
        id: "kernel",
        status: "failed",
        message: "Linux 5.10.0-8-amd64 has no overlayfs with userxattr; 5.11 or newer is needed.",
      },
    ],
    [
      { host: { files: { "/proc/sys/kernel/unprivileged_userns_clone": "0\n" } } },
      {
        id: "user-namespaces",
        status: "failed",
        message: "User namespaces are reserved for root (kernel.unprivileged_userns_clone=0).",
        fix: "sudo sysctl -w kernel.unprivileged_userns_clone=1",
      },
    ],
    [
      { host: { files: { "/proc/sys/user/max_user_namespaces": "0\n" } } },
      {
        id: "user-namespaces",
        status: "failed",
        message: "User namespaces are switched off (user.max_user_namespaces=0).",
        fix: "sudo sysctl -w user.max_user_namespaces=15000",
      },
    ],
    [
      { host: { files: { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n" } } },
      {
        id: "user-namespaces",
        status: "ok",
        message:
          "User namespaces are allowed, through AppArmor for programs with a profile only: the distribution's podman has one.",
      },
    ],
    [
      { host: { paths: { "/dev/kvm": "EACCES" } } },
      {
        id: "kvm",
        status: "warning",
        message: `/dev/kvm may not be opened by kim (EACCES): ${SLOW}.`,
        fix: "sudo usermod --append --groups kvm kim",
      },
    ],
    [
      { host: { paths: { "/dev/kvm": "ENOENT" } } },
      { id: "kvm", status: "warning", message: `/dev/kvm is missing: ${SLOW}.` },
    ],
    [
      { host: { paths: { "/dev/kvm": "ENODEV" } } },
      { id: "kvm", status: "warning", message: `/dev/kvm cannot be opened (ENODEV): ${SLOW}.` },
    ],
    [
      { host: { paths: { "/dev/fuse": "EACCES" } } },
      {
        id: "fuse",
        status: "warning",
        message: "/dev/fuse is not usable (EACCES): podman cannot use fuse-overlayfs.",
        fix: "sudo chmod 0666 /dev/fuse",
      },
    ],
    [
      { host: { free: { "/storage": 2.5 * GIB } } },
      {
        id: "space-storage",
        status: "failed",
        message: "2.5 GiB are free in /storage; a build needs 3 GiB.",
        fix: "caisson tools prune && podman system prune",
      },
    ],
    [
      { host: { free: { "/out": 5 * GIB } } },
      { id: "space-output", status: "warning", message: "5.0 GiB are free in /out; 10 GiB are comfortable." },
    ],
  ])("finds with %j that %j", async (given, finding) => {
    const { ok, findings } = await report(given);
    expect(findings).toContainEqual(finding);
    const failed = findings.some(({ status }) => status === "failed");
    expect(ok).toBe(!failed);
  });

  it("asks a rootful engine's host for no ids and no user namespaces", async () => {
    const { findings } = await report({ rootless: false, host: { uid: 0 }, info: { ids: 4_294_967_295 } });
    expect(findings.map(({ id }) => id)).toEqual([
      "engine",
      "storage-driver",
      "runtime",
      "kernel",
      "kvm",
      "space-storage",
      "space-output",
    ]);
  });
});
