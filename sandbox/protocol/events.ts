import * as z from "zod";
import { Difference } from "./diff.ts";
import { Settings } from "./settings.ts";

const Failure = z.object({
  type: z.literal("error"),
  /** Stable, for programs: `package-not-found`. */
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  exitCode: z.number().int(),
  /** A command line to replay, where a tool failed. */
  command: z.string().optional(),
  /** Last lines of the tool's output. */
  tail: z.array(z.string()).default([]),
  /** A bug's stack trace; absent for anything a user can mend. */
  stack: z.string().optional(),
});

export const Event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), version: z.number().int() }),
  /** A step begins. `id` is unique in the build; `title` is for people. */
  z.object({ type: z.literal("step"), id: z.string(), image: z.string(), title: z.string() }),
  z.object({
    type: z.literal("step-end"),
    id: z.string(),
    result: z.enum(["done", "cached", "failed"]),
    /** Wall-clock time. */
    seconds: z.number(),
  }),
  /** Bytes, where `unit` does not say otherwise. */
  z.object({
    type: z.literal("progress"),
    id: z.string(),
    current: z.number(),
    total: z.number(),
    unit: z.enum(["bytes", "items"]).default("bytes"),
  }),
  /** A line of a tool's output, for the log. */
  z.object({ type: z.literal("log"), id: z.string().optional(), line: z.string() }),
  /** For people, shown at once. */
  z.object({ type: z.literal("notice"), level: z.enum(["info", "warning"]), message: z.string() }),
  /** Why a layer was built, or that it was there. */
  z.object({
    type: z.literal("layer"),
    image: z.string(),
    layer: z.string(),
    key: z.string(),
    cached: z.boolean(),
    /** What changed since the layer of this name was last built, by input. */
    changed: z.array(z.string()).default([]),
  }),
  z.object({
    type: z.literal("output"),
    image: z.string(),
    file: z.string(),
    /** Bytes; what a folder's files add up to. */
    size: z.number(),
    /** Lowercase hexadecimal; absent for a folder. */
    sha256: z.string().optional(),
  }),
  /** Of two things that are compared. */
  z.object({ type: z.literal("difference"), ...Difference.shape }),
  /** What a configure script printed: the settings that it names. */
  z.object({ type: z.literal("configured"), image: z.string(), file: z.string(), settings: Settings }),
  /** A script has failed, and the worker waits for `resume`: `command` opens a shell where the script ran. */
  z.object({
    type: z.literal("debug-shell"),
    command: z.array(z.string()),
    environment: z.record(z.string(), z.string()),
  }),
  Failure,
]);
export type Event = z.infer<typeof Event>;
export type FailureEvent = z.infer<typeof Failure>;
