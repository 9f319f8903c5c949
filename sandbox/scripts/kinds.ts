/** What mkosi(1) "SCRIPTS" promises to each kind of script, as data. */
import { type ScriptKind, type ScriptsPart, SRCDIR, WORK_PATH } from "../protocol.ts";
import { BUILDROOT } from "../run.ts";

/** A folder that scripts write into beside the tree, and later steps read. */
export type Beside = "dest" | "out" | "artifacts" | "packages";

/** Where scripts see it, and the variable that says so. */
const BESIDE: Record<Beside, { path: string; variable: string }> = {
  dest: { path: `${WORK_PATH}/dest`, variable: "DESTDIR" },
  out: { path: `${WORK_PATH}/out`, variable: "OUTPUTDIR" },
  artifacts: { path: `${WORK_PATH}/artifacts`, variable: "ARTIFACTDIR" },
  packages: { path: `${WORK_PATH}/packages`, variable: "PACKAGEDIR" },
};

export const CONFIG_PATH = `${WORK_PATH}/config.json`;
export const BUILDDIR = `${WORK_PATH}/build`;

/** What is different in the image. Scripts ask `container` whether they are there already. */
export const IN_IMAGE = { container: "mkosi", HOME: "/", PATH: "/usr/bin:/usr/sbin", BUILDROOT: "/" };

export interface Kind {
  /** Where the script lies. */
  path: string;
  /** The script works on the image's tree, with the commands of its package manager. */
  tree: boolean;
  /** Always, or where WithNetwork= asks for it. */
  network: "always" | "asked" | "never";
  beside: Beside[];
  buildDirectory?: "writable" | "read-only";
  flags: ("WITH_DOCS" | "WITH_TESTS" | "WITH_NETWORK")[];
}

export const kinds: Record<ScriptKind, Kind> = {
  sync: { path: `${WORK_PATH}/sync`, tree: false, network: "always", beside: [], flags: [] },
  prepare: {
    path: `${WORK_PATH}/prepare`,
    tree: true,
    network: "always",
    beside: ["artifacts", "packages"],
    flags: ["WITH_DOCS", "WITH_TESTS", "WITH_NETWORK"],
  },
  build: {
    path: `${WORK_PATH}/build-script`,
    tree: true,
    network: "asked",
    beside: ["dest", "artifacts", "packages"],
    buildDirectory: "writable",
    flags: ["WITH_DOCS", "WITH_TESTS", "WITH_NETWORK"],
  },
  postinst: {
    path: `${WORK_PATH}/postinst`,
    tree: true,
    network: "asked",
    beside: ["out", "artifacts", "packages"],
    buildDirectory: "read-only",
    flags: ["WITH_NETWORK"],
  },
  finalize: {
    path: `${WORK_PATH}/finalize`,
    tree: true,
    network: "asked",
    beside: ["out", "artifacts", "packages"],
    buildDirectory: "read-only",
    flags: ["WITH_NETWORK"],
  },
  postoutput: { path: `${WORK_PATH}/postoutput`, tree: false, network: "never", beside: ["out"], flags: [] },
  clean: { path: `${WORK_PATH}/clean`, tree: false, network: "never", beside: ["out"], flags: [] },
};

/** Where a folder beside the tree is shown. */
export function besidePath(name: Beside): string {
  return BESIDE[name].path;
}

export type ScriptFlags = Pick<ScriptsPart, "withNetwork" | "withTests"> & { withDocs: boolean };

/** The environment of a kind's scripts: what the configuration sets wins. */
export function scriptVariables(
  name: ScriptKind,
  view: Pick<ScriptsPart, "environment"> & { buildDirectory?: unknown },
  flags?: ScriptFlags,
): Record<string, string> {
  const kind = kinds[name];
  const places = kind.beside.flatMap((beside) => {
    const { path, variable } = BESIDE[beside];
    const inImage = kind.tree && ["dest", "out"].includes(beside) ? [[`CHROOT_${variable}`, path]] : [];
    return [[variable, path], ...inImage];
  });
  return {
    ...Object.fromEntries(places),
    ...(kind.tree ? { BUILDROOT, CHROOT_SRCDIR: SRCDIR, SCRIPT: kind.path, CHROOT_SCRIPT: kind.path } : {}),
    ...(kind.buildDirectory && view.buildDirectory ? buildVariables(name) : {}),
    ...(flags ? flagVariables(kind, flags) : {}),
    MKOSI_CONFIG: CONFIG_PATH,
    // Subvolumes are of no use in a tree that is copied; a program started by a script asks for nothing.
    SYSTEMD_TMPFILES_FORCE_SUBVOL: "0",
    SYSTEMD_OFFLINE: "1",
    HOME: "/",
    ...view.environment,
  };
}

function buildVariables(name: ScriptKind): Record<string, string> {
  return { BUILDDIR, ...(name === "build" ? { CHROOT_BUILDDIR: BUILDDIR } : {}) };
}

function flagVariables({ flags }: Kind, { withDocs, withTests, withNetwork }: ScriptFlags): Record<string, string> {
  const values = { WITH_DOCS: withDocs, WITH_TESTS: withTests, WITH_NETWORK: withNetwork };
  return Object.fromEntries(flags.map((flag) => [flag, values[flag] ? "1" : "0"]));
}
