import { expect, it } from "vitest";
import { readDockerInfo, readPodmanInfo } from "../../../src/engine/info.ts";

const map = [
  { container_id: 0, host_id: 1000, size: 1 },
  { container_id: 1, host_id: 100_000, size: 65_536 },
];

const podman = {
  host: {
    arch: "amd64",
    cgroupVersion: "v2",
    cpus: 2,
    idMappings: { uidmap: map, gidmap: map.slice(0, 1) },
    kernel: "6.1.0",
    memTotal: 1024,
    ociRuntime: { name: "crun" },
    security: { rootless: true },
  },
  store: { graphDriverName: "overlay", graphRoot: "/home/kim/storage" },
  version: { Version: "4.3.1" },
};

it("reads podman's description", () => {
  expect(readPodmanInfo(podman)).toEqual({
    rootless: true,
    info: {
      version: "4.3.1",
      storageDriver: "overlay",
      storagePath: "/home/kim/storage",
      architecture: "x86-64",
      runtime: "crun",
      kernelVersion: "6.1.0",
      cgroupVersion: "2",
      ids: 1,
      cpus: 2,
      memory: 1024,
    },
  });
});

it("counts all ids of a rootful podman", () => {
  const host = { ...podman.host, idMappings: { uidmap: null, gidmap: null }, security: { rootless: false } };
  expect(readPodmanInfo({ ...podman, host })).toMatchObject({ rootless: false, info: { ids: 4_294_967_295 } });
});

it.each([
  [["name=seccomp,profile=default"], false, 4_294_967_295],
  [["name=rootless"], true, undefined],
  [["name=userns"], false, undefined],
])("reads docker's description with %j", (SecurityOptions, rootless, ids) => {
  const answer = {
    ServerVersion: "20.10.24",
    Driver: "overlay2",
    DockerRootDir: "/var/lib/docker",
    Architecture: "aarch64",
    DefaultRuntime: "runc",
    KernelVersion: "6.1.0",
    CgroupVersion: "1",
    SecurityOptions,
    NCPU: 2,
    MemTotal: 1024,
  };
  const { info, ...rest } = readDockerInfo(answer);
  expect(rest).toEqual({ rootless });
  expect(info).toMatchObject({ storageDriver: "overlay2", architecture: "arm64", cgroupVersion: "1", ids });
});
