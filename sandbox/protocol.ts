/**
 * The contract between the two sides: the plan that the host hands to the worker, the events that the
 * worker sends back, and its exit codes. The host side imports nothing else of this folder but exit-code.ts, which
 * is there for those that need no schema.
 *
 * Transport: the plan lies in the container at `PLAN_PATH`; events are JSON lines on the worker's
 * standard output; control messages are lines on its standard input, whose end means that the host is gone.
 * In `vm` and `shell` the standard streams are the user's: events go among the lines of standard error, and with a
 * terminal there are none; what goes wrong is then printed for people.
 */
export { ExitCode } from "./exit-code.ts";
export * from "./protocol/boot.ts";
export * from "./protocol/content.ts";
export * from "./protocol/delivery.ts";
export * from "./protocol/diff.ts";
export * from "./protocol/distribution.ts";
export * from "./protocol/el-torito.ts";
export * from "./protocol/events.ts";
export * from "./protocol/export.ts";
export * from "./protocol/identity.ts";
export * from "./protocol/image.ts";
export * from "./protocol/kernel.ts";
export * from "./protocol/network.ts";
export * from "./protocol/oci.ts";
export * from "./protocol/output.ts";
export * from "./protocol/places.ts";
export * from "./protocol/plans.ts";
export * from "./protocol/scripts.ts";
export * from "./protocol/signing.ts";
export * from "./protocol/sources.ts";
