import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { clientOptions, isAddress, socketPath } from "../../../src/engine/address.ts";
import { hasEnded } from "../../../src/engine/api-errors.ts";
import { parseMissing } from "../../../src/engine/capabilities.ts";
import { demux, frames } from "../../../src/engine/demux.ts";
import { parseLimits } from "../../../src/engine/limits.ts";
import { readProgress } from "../../../src/engine/progress.ts";
import { isDigest, splitReference } from "../../../src/engine/reference.ts";
import { chooseRuntime } from "../../../src/engine/runtime.ts";
import { countIds } from "../../../src/engine/service.ts";

it.each([
  ["localhost/a:1", { repo: "localhost/a", tag: "1" }],
  ["localhost:5000/a", { repo: "localhost:5000/a", tag: "latest" }],
  ["a", { repo: "a", tag: "latest" }],
])("splits %s", (reference, expected) => {
  expect(splitReference(reference)).toEqual(expected);
});

it("tells a digest from a tag", () => {
  expect(isDigest(`a/b@sha256:${"0".repeat(64)}`)).toBe(true);
  expect(isDigest("a/b:sha256")).toBe(false);
});

it.each([
  ["/run/a.sock", true, "/run/a.sock"],
  ["unix:///run/a.sock", true, "/run/a.sock"],
  ["tcp://host:1", true, undefined],
  ["podman", false, undefined],
])("reads the address %s", (value, address, path) => {
  expect([isAddress(value), socketPath(value)]).toEqual([address, path]);
});

it.each([
  ["unix:///a.sock", {}, { socketPath: "/a.sock", host: undefined }],
  ["tcp://h:99", {}, { protocol: "http", host: "h", port: "99", socketPath: undefined }],
  ["tcp://h", { DOCKER_TLS_VERIFY: "1" }, { protocol: "https", host: "h", port: 2376 }],
  ["ssh://me@h", { SSH_AUTH_SOCK: "/s" }, { protocol: "ssh", host: "h", username: "me", sshOptions: { agent: "/s" } }],
])("opens %s", (address, environment, expected) => {
  expect(clientOptions(address, environment)).toMatchObject(expected);
});

it("refuses an address of another kind", () => {
  expect(() => clientOptions("ftp://h", {})).toThrow('The engine address "ftp://h" is none that is known.');
});

it.each([
  [404, "", true],
  [409, "is not running", true],
  [500, "can only kill running containers. x is in state exited: container state improper", true],
  [500, "disk full", false],
])("knows by %i %j whether a container has ended", (status, message, expected) => {
  expect(hasEnded(Object.assign(new Error(message), { statusCode: status }))).toBe(expected);
});

it("reads limits", () => {
  const head = "Limit                     Soft Limit           Hard Limit           Units     \n";
  const processes = "Max processes             100                  unlimited            processes \n";
  const files = "Max open files            1024                 4096                 files     \n";
  expect(parseLimits(head + processes + files)).toEqual({ files: 4096, processes: Number.POSITIVE_INFINITY });
  expect(() => parseLimits(head)).toThrow('/proc/self/limits has no "Max open files"');
});

it("reads which capabilities there are not", () => {
  expect(parseMissing("CapEff:\t0\nCapBnd:\t000001fffeffffff\n")).toEqual(["SYS_RESOURCE"]);
  expect(parseMissing("CapBnd:\t000001ffffffffff\n")).toEqual([]);
});

it.each([
  ["         0       1001          1\n         1     100000      65536\n", 65_537],
  ["         0          0 4294967295\n", undefined],
  [undefined, undefined],
])("counts the ids of the map %j", (map, expected) => {
  expect(countIds(map)).toBe(expected);
});

describe("an attach stream", () => {
  const frame = (type: number, data: string) => {
    const header = Buffer.alloc(8);
    header[0] = type;
    header.writeUInt32BE(Buffer.byteLength(data), 4);
    return Buffer.concat([header, Buffer.from(data)]);
  };
  const stream = Buffer.concat([frame(1, "out"), frame(2, "error"), frame(1, ""), frame(1, "more")]);

  it.each([1, 3, 7, 8, 9, 100])("is taken apart in pieces of %i bytes", (size) => {
    const seen: Record<number, string> = { 1: "", 2: "" };
    const parse = frames((type, data) => {
      seen[type] += data.toString();
    });
    for (let at = 0; at < stream.length; at += size) parse(stream.subarray(at, at + size));
    expect(seen).toEqual({ 1: "outmore", 2: "error" });
  });

  it("can be read one stream after the other", async () => {
    const noise = Array.from({ length: 500 }, () => frame(2, "x".repeat(1000)));
    const { stdout, stderr } = demux(Readable.from([...noise, frame(1, "done")]));
    expect(await text(stdout)).toBe("done");
    expect((await text(stderr)).length).toBe(500_000);
  });
});

describe("an engine's progress", () => {
  const answer = (...messages: object[]) => Readable.from([messages.map((m) => `${JSON.stringify(m)}\r\n`).join("")]);

  it("is read as lines, whatever the pieces", async () => {
    const lines: string[] = [];
    const pieces = [{ stream: "one\ntw" }, { stream: "o\n" }, { status: "Pulling", id: "a", progress: "1/2" }];
    await readProgress(answer(...pieces, { aux: { ID: "x" } }, { stream: "end" }), (line) => lines.push(line));
    expect(lines).toEqual(["one", "two", "a: Pulling 1/2", "end"]);
  });

  it("fails with what was said last", async () => {
    const failing = readProgress(
      answer({ stream: "so far\n" }, { error: "broken", errorDetail: { message: "broken" } }),
    );
    await expect(failing).rejects.toMatchObject({ name: "ProgressError", message: "broken", lines: ["so far"] });
  });
});

describe("the runtime", () => {
  const refusal = new Error("crun: cgroups in hybrid mode not supported, drop all controllers from cgroupv2");

  it("is the default while that works", async () => {
    const choice = chooseRuntime();
    expect(await choice.attempt(async (settings) => settings)).toEqual({});
  });

  it("is replaced where it refuses the host, and stays so", async () => {
    const choice = chooseRuntime();
    const used: (string | undefined)[] = [];
    const use = async ({ runtime }: { runtime?: string }) => {
      used.push(runtime);
      if (runtime === undefined) throw refusal;
    };
    await choice.attempt(use);
    await choice.attempt(use);
    expect(used).toEqual([undefined, "runc", "runc"]);
  });

  it("is replaced once only", async () => {
    await expect(chooseRuntime().attempt(() => Promise.reject(refusal))).rejects.toBe(refusal);
  });

  it("stays where something else fails", async () => {
    const choice = chooseRuntime();
    await expect(choice.attempt(() => Promise.reject(new Error("no such image")))).rejects.toThrow("no such image");
    expect(choice.settings).toEqual({});
  });
});
