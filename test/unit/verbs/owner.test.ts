import { expect, it } from "vitest";
import { outputOwner } from "../../../src/verbs/owner.ts";

const root = { uid: 0, gid: 0 };
const user = { uid: 1000, gid: 100 };

it.each([
  ["a user", user, {}, user],
  ["root", root, {}, root],
  ["root by sudo", root, { SUDO_UID: "1001", SUDO_GID: "1002" }, { uid: 1001, gid: 1002 }],
  ["a user with a stray variable", user, { SUDO_UID: "1001", SUDO_GID: "1002" }, user],
  ["root with half of it", root, { SUDO_UID: "1001" }, root],
  ["root with nonsense", root, { SUDO_UID: "x", SUDO_GID: "1" }, root],
  ["a system without ids", undefined, {}, undefined],
])("%s", (_, caller, environment, expected) => {
  expect(outputOwner({ user: caller, environment })).toEqual(expected);
});
