import { expect, test } from "vitest";
import { SRCDIR, WORK_PATH } from "../../../../sandbox/protocol.ts";
import { scriptVariables } from "../../../../sandbox/scripts/kinds.ts";

const view = { environment: { RELEASE: "trixie" } };
const flags = { withDocs: true, withTests: false, withNetwork: false };
const always = {
  MKOSI_CONFIG: `${WORK_PATH}/config.json`,
  SYSTEMD_TMPFILES_FORCE_SUBVOL: "0",
  SYSTEMD_OFFLINE: "1",
  HOME: "/",
  RELEASE: "trixie",
};

test("scripts outside of a build know the output folder at the most", () => {
  expect(scriptVariables("sync", view)).toEqual(always);
  expect(scriptVariables("clean", { ...view, buildDirectory: {} })).toEqual({
    ...always,
    OUTPUTDIR: `${WORK_PATH}/out`,
  });
});

test("scripts of a build have the tree, their folders and what is asked of them", () => {
  const tree = {
    ...always,
    BUILDROOT: "/buildroot",
    CHROOT_SRCDIR: SRCDIR,
    ARTIFACTDIR: `${WORK_PATH}/artifacts`,
    PACKAGEDIR: `${WORK_PATH}/packages`,
  };
  expect(scriptVariables("build", { ...view, buildDirectory: {} }, flags)).toEqual({
    ...tree,
    SCRIPT: `${WORK_PATH}/build-script`,
    CHROOT_SCRIPT: `${WORK_PATH}/build-script`,
    DESTDIR: `${WORK_PATH}/dest`,
    CHROOT_DESTDIR: `${WORK_PATH}/dest`,
    BUILDDIR: `${WORK_PATH}/build`,
    CHROOT_BUILDDIR: `${WORK_PATH}/build`,
    WITH_DOCS: "1",
    WITH_TESTS: "0",
    WITH_NETWORK: "0",
  });
  expect(scriptVariables("finalize", view, flags)).toEqual({
    ...tree,
    SCRIPT: `${WORK_PATH}/finalize`,
    CHROOT_SCRIPT: `${WORK_PATH}/finalize`,
    OUTPUTDIR: `${WORK_PATH}/out`,
    CHROOT_OUTPUTDIR: `${WORK_PATH}/out`,
    WITH_NETWORK: "0",
  });
});

test("what the configuration sets wins", () => {
  expect(scriptVariables("sync", { environment: { HOME: "/home" } }).HOME).toBe("/home");
});
