import { describe, expect, it } from "vitest";
import { discover } from "../../../src/engine/discover.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Candidate } from "../../../src/engine/probes.ts";
import { UserError } from "../../../src/errors.ts";
import { fakeHost } from "../../support/host.ts";

const DEBIAN = { "/etc/os-release": 'PRETTY_NAME="Debian"\nID=debian\n' };
const SOCKETS = { "/run/podman/podman.sock": true as const, "/var/run/docker.sock": true as const };

const opened = async ({ address }: Candidate) => ({ address }) as Engine;
const refusing = async (): Promise<Engine> => {
  throw new Error("connect ECONNREFUSED");
};

function failure(promise: Promise<unknown>): Promise<UserError> {
  return promise.then(
    () => {
      throw new Error("no error");
    },
    (error: unknown) => {
      if (error instanceof UserError) return error;
      throw error;
    },
  );
}

describe("discover", () => {
  it("takes the first that answers", async () => {
    const open = async (candidate: Candidate) =>
      candidate.address.includes("podman") ? refusing() : opened(candidate);
    const engine = await discover({ ...fakeHost({ paths: SOCKETS }), engine: undefined }, open);
    expect(engine.address).toBe("unix:///var/run/docker.sock");
  });

  it("takes none but the named kind", async () => {
    const engine = await discover({ ...fakeHost({ paths: SOCKETS }), engine: "docker" }, opened);
    expect(engine.address).toBe("unix:///var/run/docker.sock");
  });

  it("stops at a named address that does not answer", async () => {
    const host = fakeHost({ paths: SOCKETS, environment: { DOCKER_HOST: "unix:///gone.sock" } });
    const error = await failure(discover({ ...host, engine: undefined }, refusing));
    expect(error).toMatchObject({
      code: "engine-unreachable",
      message: "No container engine answers at unix:///gone.sock (from DOCKER_HOST): connect ECONNREFUSED",
      hint: "Start the engine there, or unset DOCKER_HOST.",
      exitCode: 3,
    });
  });

  it("stops a service that it cannot use", async () => {
    let closed = 0;
    const close = async () => void closed++;
    const startService = async () => ({ address: "unix:///s.sock", ids: 1, close });
    const few = async (): Promise<Engine> => {
      throw new UserError("no-subuids", "few");
    };
    const context = { ...fakeHost({ commands: ["podman"] }), engine: undefined, startService };
    expect((await failure(discover(context, few))).code).toBe("no-subuids");
    expect(closed).toBe(1);
  });

  it("tells a user how to install podman", async () => {
    const error = await failure(discover({ ...fakeHost({ files: DEBIAN }), engine: undefined }, opened));
    expect(error).toMatchObject({
      code: "no-engine",
      message: "No container engine was found: podman or docker was expected.",
      hint: "Install podman: sudo apt-get install -y podman uidmap slirp4netns fuse-overlayfs crun containers-storage",
      exitCode: 3,
    });
  });

  it("tells every reason where engines are there but fail", async () => {
    const error = await failure(discover({ ...fakeHost({ paths: SOCKETS }), engine: undefined }, refusing));
    expect(error).toMatchObject({
      code: "no-engine",
      message:
        "No container engine was found: podman or docker was expected.\n" +
        "  podman's system socket: connect ECONNREFUSED\n" +
        "  docker's system socket: connect ECONNREFUSED",
      hint: "Mend one of these, or run `caisson doctor`.",
    });
  });

  it("refuses an engine that it does not know", async () => {
    const error = await failure(discover({ ...fakeHost(), engine: "podmann" }, opened));
    expect(error).toMatchObject({
      code: "unknown-engine",
      message: 'The engine "podmann" is unknown; podman, docker or an address was expected.',
      exitCode: 2,
    });
  });
});
