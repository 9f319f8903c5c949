import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrokenMirror, brokenMirror } from "../support/broken-mirror.ts";
import { caisson, names, project, remove } from "../support/caisson.ts";

/** The package is asked for nowhere else, so that no store has it. */
const files = {
  "mkosi.conf":
    "[Distribution]\nDistribution=debian\nRelease=trixie\n[Output]\nFormat=tar\n[Content]\nPackages=figlet\n",
};

let folder: string;
beforeAll(async () => {
  folder = await project(files);
});
afterAll(() => remove(folder));

test("a changed byte in the signed release file", async () => {
  const { error } = await buildWith(/\/debian\/dists\/trixie\/InRelease$/);
  expect(error).toMatchObject({ code: "signature-invalid", exitCode: 1 });
  expect(error?.message).toMatch(/^a repository's signature is not valid: /);
});

test("a changed byte in the index", async () => {
  const { error } = await buildWith(/\/debian\/dists\/trixie\/main\/binary-[^/]+\//);
  expect(error).toMatchObject({ code: "index-invalid", exitCode: 1 });
  expect(error?.message).toMatch(/^a repository's index does not have the hash that its release file names: /);
});

test("a changed byte in a package", async () => {
  const { error, asked } = await buildWith(/\/pool\/main\/f\/figlet\/.*\.deb$/);
  expect(error).toMatchObject({ code: "package-invalid", exitCode: 1 });
  expect(error?.message).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/debian\/pool\/main\/f\/figlet\/figlet_\S+ has the SHA-256 [0-9a-f]{64}, the signed index says [0-9a-f]{64}$/,
  );
  expect(asked.filter((path) => path.includes("/figlet_"))).toHaveLength(1);
});

/** Builds from a mirror whose files that match have one byte changed; nothing is delivered. */
async function buildWith(wrong: RegExp) {
  const mirror: BrokenMirror = await brokenMirror(wrong);
  try {
    const { code, error } = await caisson(folder, [`--mirror=${mirror.url}`, "build"]);
    expect(
      mirror.asked.filter((path) => wrong.test(path)),
      "the mirror was not asked",
    ).not.toEqual([]);
    expect(code).toBe(1);
    expect(await names(folder)).toEqual(["mkosi.conf"]);
    return { error, asked: mirror.asked };
  } finally {
    await mirror.close();
  }
}
