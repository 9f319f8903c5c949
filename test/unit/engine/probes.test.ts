import { describe, expect, it } from "vitest";
import { applicableProbes, type Candidate, PROBES, type ProbeContext } from "../../../src/engine/probes.ts";
import { type FakeHost, fakeHost } from "../../support/host.ts";

const service = { address: "unix:///private/podman.sock", ids: 65_537, close: async () => undefined };
const XDG = { XDG_RUNTIME_DIR: "/run/user/1000" };
const HYBRID = { "/sys/fs/cgroup/unified/cgroup.controllers": "" };
const USER_SOCKET = { "/run/user/1000/podman/podman.sock": true as const };

function find(name: string, host: FakeHost & Partial<ProbeContext>): Promise<Candidate | undefined> {
  const { engine, startService = async () => service, podmanMachine, ...rest } = host;
  const context = { ...fakeHost(rest), engine, startService, ...(podmanMachine ? { podmanMachine } : {}) };
  const probe = PROBES.find((row) => row.name === name);
  if (probe === undefined) throw new Error(`no probe ${name}`);
  return probe.find(context);
}

describe("probes", () => {
  it.each<[string, FakeHost & Partial<ProbeContext>, Candidate | undefined]>([
    ["--engine", {}, undefined],
    ["--engine", { engine: "podman" }, undefined],
    ["--engine", { engine: "/a.sock" }, { address: "/a.sock", source: "--engine" }],
    ["--engine", { engine: "ssh://me@there" }, { address: "ssh://me@there", source: "--engine" }],
    ["CONTAINER_HOST", {}, undefined],
    ["CONTAINER_HOST", { environment: { CONTAINER_HOST: "" } }, undefined],
    [
      "CONTAINER_HOST",
      { environment: { CONTAINER_HOST: "unix:///c.sock" } },
      { address: "unix:///c.sock", source: "CONTAINER_HOST" },
    ],
    [
      "DOCKER_HOST",
      { environment: { DOCKER_HOST: "tcp://d:2375" } },
      { address: "tcp://d:2375", source: "DOCKER_HOST" },
    ],
    ["podman's user socket", { paths: USER_SOCKET }, undefined],
    ["podman's user socket", { environment: XDG }, undefined],
    [
      "podman's user socket",
      { environment: XDG, paths: USER_SOCKET },
      { address: "unix:///run/user/1000/podman/podman.sock" },
    ],
    ["podman's user socket", { environment: XDG, paths: USER_SOCKET, platform: "darwin" }, undefined],
    ["podman's user socket", { environment: XDG, paths: USER_SOCKET, files: HYBRID, commands: ["runc"] }, undefined],
    [
      "podman's user socket",
      { environment: XDG, paths: USER_SOCKET, files: HYBRID },
      { address: "unix:///run/user/1000/podman/podman.sock" },
    ],
    ["podman system service", {}, undefined],
    ["podman system service", { commands: ["podman"], platform: "darwin" }, undefined],
    ["podman system service", { commands: ["podman"] }, { address: service.address, service }],
    ["podman machine", { commands: ["podman"] }, undefined],
    [
      "podman machine",
      { commands: ["podman"], platform: "darwin", podmanMachine: async () => "/m.sock" },
      { address: "unix:///m.sock", machine: true },
    ],
    ["podman machine", { commands: ["podman"], platform: "darwin", podmanMachine: async () => undefined }, undefined],
    ["podman's system socket", { paths: { "/run/podman/podman.sock": "EACCES" } }, undefined],
    [
      "podman's system socket",
      { paths: { "/run/podman/podman.sock": true } },
      { address: "unix:///run/podman/podman.sock" },
    ],
    [
      "docker's user socket",
      { environment: XDG, paths: { "/run/user/1000/docker.sock": true } },
      { address: "unix:///run/user/1000/docker.sock" },
    ],
    ["docker's system socket", { paths: { "/var/run/docker.sock": true } }, { address: "unix:///var/run/docker.sock" }],
    ["docker desktop", { environment: { HOME: "/h" }, paths: { "/h/.docker/run/docker.sock": true } }, undefined],
    [
      "docker desktop",
      { environment: { HOME: "/h" }, paths: { "/h/.docker/run/docker.sock": true }, platform: "darwin" },
      { address: "unix:///h/.docker/run/docker.sock", machine: true },
    ],
  ])("%s on %j", async (name, host, expected) => {
    expect(await find(name, host)).toEqual(expected);
  });

  it("asks in the documented order", () => {
    expect(applicableProbes(undefined).map(({ name }) => name)).toEqual([
      "--engine",
      "CONTAINER_HOST",
      "DOCKER_HOST",
      "podman's user socket",
      "podman system service",
      "podman machine",
      "podman's system socket",
      "docker's user socket",
      "docker's system socket",
      "docker desktop",
    ]);
  });

  it.each([
    ["docker", "docker"],
    ["podman", "podman"],
    ["/some.sock", "any"],
  ])("asks with --engine=%s only the probes for %s", (engine, kind) => {
    const probes = applicableProbes(engine);
    expect(probes.length).toBeGreaterThan(0);
    expect(probes.every((probe) => probe.engine === kind)).toBe(true);
  });
});
