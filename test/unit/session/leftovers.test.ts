import { expect, it } from "vitest";
import { type Identity, ownIdentity, ownLabels } from "../../../src/session/identity.ts";
import { removeLeftovers } from "../../../src/session/leftovers.ts";
import { FakeEngine } from "./fake-engine.ts";

const identity: Identity = {
  host: "here",
  pid: 10,
  started: "100",
  startOf: (pid) => ({ 10: "100", 11: "200" })[pid],
};

const container = (build: string, host: string, pid: string, started: string, running: boolean) => ({
  id: `id-${build}`,
  labels: { "caisson.build": build, "caisson.host": host, "caisson.pid": pid, "caisson.started": started },
  running,
});

it.each([
  ["of this process", container("b", "here", "10", "100", true), true],
  ["of another command line that lives", container("b", "here", "11", "200", true), true],
  ["that is being removed by its owner", container("b", "here", "11", "200", false), true],
  ["whose owner is gone", container("b", "here", "12", "300", true), false],
  ["whose owner's id was given to another process", container("b", "here", "11", "150", true), false],
  ["of another host", container("b", "there", "12", "1", true), true],
  ["ended, of another host or boot", container("b", "there", "11", "200", false), false],
  ["without an owner", { id: "id-b", labels: { "caisson.build": "b", "caisson.host": "here" }, running: true }, false],
])("a container %s", async (_, summary, stays) => {
  const fake = new FakeEngine();
  fake.containers = [summary];
  expect(await removeLeftovers(fake.engine, identity)).toEqual(stays ? [] : ["b"]);
  expect(fake.removed).toEqual(stays ? [] : ["id-b"]);
});

it("knows itself", async () => {
  const own = ownIdentity();
  const fake = new FakeEngine();
  fake.containers = [{ id: "c", labels: ownLabels("mine", own), running: true }];
  expect(await removeLeftovers(fake.engine)).toEqual([]);
  expect(own.startOf(process.pid)).toBe(own.started);
  expect(own.startOf(2 ** 30)).toBeUndefined();
});
