import { expect, it } from "vitest";
import { delegatedIds, tooFewIds } from "../../../src/engine/subids.ts";

it.each([
  [undefined, 0],
  ["", 0],
  ["lee:100000:65536\n", 0],
  ["lee:1:1\nkim:100000:65536\n", 65_536],
  ["1000:100000:65536\n", 65_536],
  ["kim:100000:1000\nkim:200000:2000\n", 3000],
])("reads %j as %i ids of kim", (text, expected) => {
  expect(delegatedIds(text, { user: "kim", uid: 1000 })).toBe(expected);
});

it("says how to get more", () => {
  expect(tooFewIds(1, "kim")).toMatchObject({
    code: "no-subuids",
    message: "The engine has 1 user id for its containers; images need 65536.",
    hint: "Give the user kim a range of ids: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 kim && podman system migrate",
    exitCode: 3,
  });
});
