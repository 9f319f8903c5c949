/** Raised whenever a plan or an event changes shape; the worker refuses any other. */
export const PROTOCOL_VERSION = 4;

/** Where things lie inside the tools container. */
export const PLAN_PATH = "/caisson/plan.json";
export const WORKER_PATH = "/caisson/dist/sandbox.mjs";
/** Every source of a plan is mounted below this folder, under its name: read-only, unless scripts may write into it. */
export const SOURCES_PATH = "/caisson/sources";
/** The host's output directory. */
export const OUTPUT_PATH = "/caisson/output";
/** Where the host has it, and a container that a virtual machine runs in. */
export const KVM_DEVICE = "/dev/kvm";
/** The named volume: packages, indexes, layers, finished outputs, and the work of running builds. */
export const STORE_PATH = "/store";
/** Where scripts find what they work with, as in mkosi. */
export const WORK_PATH = "/work";
/** What SRCDIR says to scripts. */
export const SRCDIR = `${WORK_PATH}/src`;

/** Control messages: each a line of its own on the worker's standard input. `resume` answers the event `debug-shell`. */
export const Control = { cancel: "cancel", resume: "resume" } as const;
