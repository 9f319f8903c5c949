import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, names, project, remove } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";

/** Two images of the same tree, and into one of them a script writes the time. */
const files: Record<string, string> = {
  "mkosi.conf": [
    "[Distribution]",
    "Distribution=debian",
    "Release=trixie",
    "[Output]",
    "Format=tar",
    "CompressOutput=no",
    "[Config]",
    "Dependencies=stamped",
    "[Content]",
    "Bootable=no",
    "",
  ].join("\n"),
  "mkosi.extra/etc/motd": "the same\n",
  "mkosi.images/stamped/mkosi.conf": "[Output]\nFormat=tar\nCompressOutput=no\n[Content]\nBootable=no\n",
  "mkosi.images/stamped/mkosi.finalize": '#!/bin/sh\ndate --utc +%F > "$BUILDROOT/usr/lib/stamp"\n',
};

let folder: string;
let place: string;
beforeAll(async () => {
  folder = await project(files);
  await chmod(join(folder, "mkosi.images/stamped/mkosi.finalize"), 0o755);
  place = await project({});
});
afterAll(async () => {
  await remove(folder);
  await remove(place);
});

const nothingLeft = async () => {
  expect(await readdir(place)).toEqual([]);
  await withEngine(async (engine) => {
    expect(await engine.listVolumes("caisson-verify-")).toEqual([]);
  });
};

describe("a project of which one image tells the time", () => {
  let result: Verification;
  let code: number | undefined;
  beforeAll(async () => {
    const run = await execa(process.execPath, [cli, "--json", "verify"], {
      cwd: folder,
      reject: false,
      env: { TMPDIR: place },
    });
    code = run.exitCode;
    result = JSON.parse(run.stdout) as Verification;
  });

  test("is not reproducible, and the file is named", () => {
    expect([code, result.reproducible]).toEqual([1, false]);
    expect(result.differences).toEqual([
      {
        place: [
          { kind: "file", name: "stamped.tar" },
          { kind: "archive", name: "tar" },
          { kind: "file", name: "/usr/lib/stamp" },
        ],
        kind: "content",
        what: "content",
        offset: expect.any(Number),
        a: expect.any(String),
        b: expect.any(String),
        lines: [expect.stringMatching(/^@@/), expect.stringMatching(/^-20/), expect.stringMatching(/^\+20/)],
      },
    ]);
  });

  test("its other image is the same", () => {
    expect(result.outputs.map(({ file, same }) => [file, same])).toEqual([
      ["image.tar", true],
      ["stamped.tar", false],
    ]);
  });

  test("tells what was varied, and why not where it was not", () => {
    const varied = result.variations.map(({ name }) => name);
    expect(varied).toEqual([
      ...[
        "clock of the tools",
        "time zone",
        "locale",
        "umask",
        "user's name",
        "user's ids",
        "home",
        "host's name",
        "processors",
      ],
      ...["cache", "project's folder", "engine's storage"],
    ]);
    for (const { second, reason } of result.variations) expect(second ?? reason).toMatch(/./);
  });

  test("delivers nothing, and leaves nothing behind", async () => {
    expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.extra", "mkosi.images"]);
    await nothingLeft();
  });
});

test("interrupted in its second build, it leaves nothing behind", async () => {
  const child = execa(process.execPath, [cli, "verify"], { cwd: folder, reject: false, env: { TMPDIR: place } });
  let refreshed = 0;
  for await (const line of child.iterable({ from: "stderr" })) {
    // Both images of the first build have been there.
    if (String(line).endsWith("Refreshing the package index") && ++refreshed === 3) child.kill("SIGINT");
  }
  expect((await child).exitCode).toBe(130);
  expect(refreshed).toBeGreaterThan(2);
  await nothingLeft();
});

interface Verification {
  reproducible: boolean;
  variations: { name: string; first: string; second?: string; reason?: string }[];
  outputs: { file: string; size: string; same: boolean }[];
  differences: unknown[];
}
