import { expect, test } from "vitest";
import { parseSettings } from "../../../../sandbox/partitions/definitions.ts";
import { explain, reason } from "../../../../sandbox/partitions/explain.ts";

const FOLDER = "/run/caisson/definitions/0";

test.each([
  [
    ["Formatting.", "mkfs.ext4: Could not allocate block", "", "(mkfs) failed with exit status 1."],
    "mkfs.ext4: Could not allocate block",
  ],
  [
    [`${FOLDER}/10-root.conf:3: Unknown filesystem: Invalid argument`],
    "10-root.conf:3: Unknown filesystem: Invalid argument",
  ],
  [
    [
      `${FOLDER}/10-root.conf:3: Failed to parse size value: 4OM`,
      `${FOLDER}/10-root.conf:3: Failed to parse file: Invalid argument`,
    ],
    "10-root.conf:3: Failed to parse size value: 4OM",
  ],
  [["10-root.conf:3: Failed to parse file: Bad message"], "10-root.conf:3: Failed to parse file: Bad message"],
  [[], undefined],
])("the reason in %j", (output, expected) => {
  expect(reason(output)).toBe(expected);
});

const definition = (name: string, ...lines: string[]) => {
  const text = ["[Partition]", ...lines, ""].join("\n");
  return { name, text, settings: parseSettings(text) };
};

test("a message tells what the definition has, and what was expected", () => {
  const definitions = [definition("00-a.conf", "Type=esp"), definition("10-b.conf", "Type=rooot", "Format=nofs")];
  expect(explain([`${FOLDER}/10-b.conf:2: Failed to parse partition type: rooot`], definitions)).toEqual({
    said: "10-b.conf:2: Failed to parse partition type: rooot",
    hint: "it has Type=rooot; expected is a name such as root, usr, esp, xbootldr, swap, home, srv, var, tmp or linux-generic, or a UUID (repart.d(5))",
  });
  expect(explain(["mkfs binary for nofs is not available."], definitions)).toEqual({
    said: "10-b.conf: mkfs binary for nofs is not available.",
    hint: "it has Format=nofs; expected is ext4, btrfs, xfs, vfat, erofs, squashfs or swap (repart.d(5))",
  });
});

test("a message that says nothing of a definition, and one that is not known", () => {
  expect(explain(["No space left on device"], [])).toEqual({ said: "No space left on device", hint: undefined });
  expect(explain([], [])).toBeUndefined();
});
