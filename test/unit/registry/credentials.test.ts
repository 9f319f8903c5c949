import { expect, test } from "vitest";
import { registryCredentials } from "../../../src/registry/credentials.ts";

const environment = { HOME: "/home/u", XDG_RUNTIME_DIR: "/run/user/1" };
const find = (there: string[], more: Record<string, string> = {}, uid: number | undefined = 1) =>
  registryCredentials({ environment: { ...environment, ...more }, uid, exists: (path) => there.includes(path) });

test.each([
  [[], undefined],
  [["/home/u/.docker/config.json"], "/home/u/.docker/config.json"],
  [["/home/u/.docker/config.json", "/home/u/.config/containers/auth.json"], "/home/u/.config/containers/auth.json"],
  [["/home/u/.config/containers/auth.json", "/run/containers/1/auth.json"], "/run/containers/1/auth.json"],
  [["/run/containers/1/auth.json", "/run/user/1/containers/auth.json"], "/run/user/1/containers/auth.json"],
])("of %j it is %s", (there, expected) => {
  expect(find(there)).toBe(expected);
});

test("what the environment says", () => {
  expect(find(["/run/user/1/containers/auth.json"], { REGISTRY_AUTH_FILE: "/x/auth.json" })).toBe("/x/auth.json");
  expect(find(["/c/containers/auth.json"], { XDG_CONFIG_HOME: "/c" })).toBe("/c/containers/auth.json");
  expect(find(["/d/config.json"], { DOCKER_CONFIG: "/d" })).toBe("/d/config.json");
  expect(registryCredentials({ environment: {}, uid: undefined, exists: () => true })).toBeUndefined();
});
