import { describe, expect, test } from "vitest";
import { PROTOCOL_VERSION } from "../../../sandbox/protocol.ts";
import { archiveReference, checkExportable, exportPlan, exportTargets } from "../../../src/plan/export.ts";
import { loadText } from "../config/folder.ts";

const options = { build: "b", image: "/out/image", force: false, owner: { uid: 1, gid: 2 }, credentials: "/auth.json" };
const machine = { name: "image", memory: 2048, cpus: 1, firmware: "efi", architecture: "x86-64" };

describe("what is exported", () => {
  test("formats and registries, each once", () => {
    expect(exportTargets(["qcow2", "docker://host/a:1", "qcow2"])).toEqual([
      { format: "qcow2" },
      { registry: "host/a:1" },
    ]);
  });

  const takes = "qcow2, vmdk, vhd, vhdx, vdi, ova, oci-archive, docker-archive, or docker://REGISTRY/NAME[:TAG]";
  test.each([
    [[], "missing-value", "export needs a format", `It takes ${takes}`],
    [["qcow3"], "unknown-export", "Unknown format qcow3; did you mean qcow2?", `export takes ${takes}`],
    [["raw.xz.sig"], "unknown-export", "Unknown format raw.xz.sig", `export takes ${takes}`],
    [
      ["docker://a"],
      "unexpected-argument",
      "docker://a: expected docker://REGISTRY/NAME, with :TAG where it has one",
      undefined,
    ],
    [
      [`docker://a/b@sha256:${"a".repeat(64)}`],
      "unexpected-argument",
      `docker://a/b@sha256:${"a".repeat(64)}: expected docker://REGISTRY/NAME, with :TAG where it has one`,
      undefined,
    ],
  ])("%j", (words, code, message, hint) => {
    expect(() => exportTargets(words)).toThrow(expect.objectContaining({ code, message, hint, exitCode: 2 }));
  });

  test.each([
    [
      "tar",
      ["qcow2"],
      "image.tar.zst has Format=tar, of which no qcow2 can be made",
      "It is made of Format=disk or esp",
    ],
    [
      "disk",
      ["docker://a/b"],
      "image.raw has Format=disk, of which no docker://a/b can be made",
      "It is made of Format=oci",
    ],
    [
      "oci",
      ["oci-archive", "ova"],
      "image has Format=oci, of which no ova can be made",
      "It is made of Format=disk or esp",
    ],
  ])("not of every image: %s", async (format, words, message, hint) => {
    const project = await loadText(`[Output]\nFormat=${format}\n`);
    const check = () => checkExportable(project, exportTargets(words));
    expect(check).toThrow(expect.objectContaining({ code: "not-exportable", message, hint }));
  });
});

test("the plan for a disk", async () => {
  const project = await loadText("[Output]\nCompressOutput=zstd\n");
  const { plan, mounts } = exportPlan(project, exportTargets(["ova", "vhd"]), options);
  expect(plan).toEqual({
    version: PROTOCOL_VERSION,
    kind: "export",
    build: "b",
    image: { source: "image-1" },
    file: "image.raw.zst",
    compressed: true,
    exports: [
      { kind: "disk", format: "ova", file: "image.ova" },
      { kind: "disk", format: "vhd", file: "image.vhd" },
    ],
    reference: "image:latest",
    machine,
    force: false,
    owner: { uid: 1, gid: 2 },
  });
  expect(mounts).toEqual([{ name: "image-1", hostPath: "/out/image" }]);
});

test("the plan for a container image", async () => {
  const project = await loadText("[Output]\nFormat=oci\nImageId=App\nImageVersion=1.2\n");
  const { plan, mounts } = exportPlan(project, exportTargets(["docker-archive", "docker://h/a:1"]), options);
  expect(plan).toMatchObject({
    compressed: false,
    exports: [
      { kind: "container", format: "docker-archive", file: "App_1.2.docker.tar" },
      { kind: "registry", image: "h/a:1", credentials: { secret: "registries-1" } },
    ],
    reference: "app:1.2",
  });
  expect(mounts.at(-1)).toEqual({ name: "registries-1", hostPath: "/auth.json" });
});

test.each([
  ["Demo", "1", "demo:1"],
  ["_My Image_", undefined, "my-image:latest"],
  ["--", ".1+2", "image:_1_2"],
])("ImageId=%s, ImageVersion=%s is %s", (ImageId, ImageVersion, expected) => {
  expect(archiveReference({ ImageId, ImageVersion, Output: "x" })).toBe(expected);
});
