import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DeviceNode, readDevices, writeDevices } from "../../../../sandbox/tree/device-nodes.ts";

const NULL: DeviceNode = { path: "dev/null", kind: "character", mode: 0o666, uid: 0, gid: 0, major: 1, minor: 3 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-devices-"));
  for (const name of ["top", "middle", "bottom"]) await mkdir(join(folder, name, "tree"), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const stack = () => ["top", "middle", "bottom"].map((name) => join(folder, name, "tree"));

test("none where no layer has any", () => {
  expect(readDevices(stack())).toEqual([]);
});

test("the topmost layer that says anything of nodes says all of them", async () => {
  await writeDevices(join(folder, "bottom"), [NULL]);
  expect(readDevices(stack())).toEqual([NULL]);
  await writeDevices(join(folder, "middle"), []);
  expect(readDevices(stack())).toEqual([]);
});
