import { describe, expect, it } from "vitest";
import { type ContainerHost, createOptions } from "../../../src/engine/host-config.ts";

const host: ContainerHost = { engine: "podman", settings: {}, limits: undefined, keepGroups: false };
const spec = { image: "localhost/a:1", command: ["/bin/cat", "x"] };

describe("createOptions", () => {
  it("ends standard input with its client, and shares nothing that was not asked for", () => {
    expect(createOptions(spec, host)).toEqual({
      Image: "localhost/a:1",
      Entrypoint: ["/bin/cat"],
      Cmd: ["x"],
      Env: [],
      Labels: {},
      Tty: false,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: {
        NetworkMode: "none",
        LogConfig: { Type: "none", Config: {} },
        Mounts: [],
        Devices: [],
        SecurityOpt: ["label=disable"],
      },
    });
  });

  it("gives a capable container all but privilege, in podman's words and in docker's", () => {
    const podman = createOptions({ ...spec, capable: true }, host).HostConfig;
    expect(podman?.Privileged).toBeUndefined();
    expect(podman?.CapAdd).toEqual(["ALL"]);
    expect(podman?.SecurityOpt).toEqual(["seccomp=unconfined", "apparmor=unconfined", "label=disable", "unmask=ALL"]);
    const docker = createOptions({ ...spec, capable: true }, { ...host, engine: "docker" }).HostConfig;
    expect(docker?.Privileged).toBeUndefined();
    expect(docker).toMatchObject({ CapAdd: ["ALL"], MaskedPaths: [], ReadonlyPaths: [] });
    expect(docker?.SecurityOpt).not.toContain("unmask=ALL");
  });

  it("passes mounts, devices, and what the connection has learnt", () => {
    const mounts = [{ kind: "bind" as const, source: "/a", target: "/b", readOnly: true }];
    const settings = { runtime: "runc", withoutCapabilities: ["SYS_RESOURCE"] };
    const limits = { files: 1_000_000, processes: 500 };
    const full = { ...spec, capable: true, mounts, devices: ["/dev/kvm"], network: "host" as const };
    expect(createOptions(full, { engine: "podman", settings, limits, keepGroups: true }).HostConfig).toMatchObject({
      NetworkMode: "host",
      LogConfig: { Type: "none", Config: {} },
      Mounts: [{ Type: "bind", Source: "/a", Target: "/b", ReadOnly: true }],
      Devices: [{ PathOnHost: "/dev/kvm", PathInContainer: "/dev/kvm", CgroupPermissions: "rwm" }],
      Annotations: { "run.oci.keep_original_groups": "1" },
      Runtime: "runc",
      CapDrop: ["SYS_RESOURCE"],
      Ulimits: [
        { Name: "nofile", Soft: 65_536, Hard: 65_536 },
        { Name: "nproc", Soft: 500, Hard: 500 },
      ],
    });
  });

  it("refuses a container without a command", () => {
    expect(() => createOptions({ image: "a", command: [] }, host)).toThrow("a container needs a command");
  });
});
