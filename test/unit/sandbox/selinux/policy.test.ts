import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ImagePlan } from "../../../../sandbox/protocol.ts";
import { policyOf, policyType } from "../../../../sandbox/selinux/policy.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-policy-"));
});
afterEach(() => rm(root, { recursive: true }));

function image(selinuxRelabel: ImagePlan["selinuxRelabel"], format: ImagePlan["format"] = "tar"): ImagePlan {
  return { name: "demo", selinuxRelabel, format } as unknown as ImagePlan;
}

const CONTEXTS = "etc/selinux/default/contexts/files/file_contexts";
const FILES = [
  ["etc/selinux/config", "SELINUX=enforcing\nSELINUXTYPE=default\n"],
  [CONTEXTS],
  ["etc/selinux/default/policy/policy.33"],
];

async function write(...files: string[][]): Promise<void> {
  for (const [name = "", text = ""] of files) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

test("a whole policy is found", async () => {
  await write(...FILES);
  for (const relabel of ["auto", "enabled"] as const)
    expect(policyOf(image(relabel), root)).toEqual({ name: "default", contexts: CONTEXTS });
});

test("no labels where they are not wanted, nor in a folder", async () => {
  await write(...FILES);
  expect(policyOf(image("disabled"), root)).toBe(undefined);
  expect(policyOf(image("auto", "directory"), root)).toBe(undefined);
});

test.each([
  [0, "/etc/selinux/config"],
  [1, `/${CONTEXTS}`],
  [2, "/etc/selinux/default/policy/policy.*"],
])("with %d of its files: what is missing is named if labels have to be", async (count, missing) => {
  await write(...FILES.slice(0, count));
  expect(policyOf(image("auto"), root)).toBe(undefined);
  expect(() => policyOf(image("enabled"), root)).toThrow(`demo: SELinuxRelabel=yes, and the image has no ${missing}`);
});

test.each([
  ["SELINUXTYPE=targeted\n", "targeted"],
  ["# SELINUXTYPE=no\nSELINUXTYPE=a\n SELINUXTYPE='mls' # more\n", "mls"],
  ['SELINUXTYPE="default"', "default"],
  ["SELINUX=disabled\n", undefined],
  ["SELINUXTYPE=../../x\n", undefined],
  ["SELINUXTYPE=\n", undefined],
])("the type of %j is %s", (config, type) => {
  expect(policyType(config)).toBe(type);
});
