import { existsSync } from "node:fs";
import { BuildError } from "./errors.ts";
import { BUILDROOT, type RunOptions } from "./run.ts";

/** libfaketime's, by Node's name of the architecture; its C library is the tools image's. */
const LIBRARIES: Record<string, string> = {
  x64: "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
  arm64: "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
};

/** Where programs find it: in the tools' namespace, and below a tree whose own programs are run. */
const SHOWN = "/run/caisson/libfaketime.so.1";

/**
 * bwrap(1) arguments that give a tool a clock which is ahead of the host's (libfaketime). A tool with a network keeps the
 * true one: servers' certificates and repositories' dates are checked against it. So does one whose clock stands still.
 */
export function clockArguments(
  seconds: number | undefined,
  options: RunOptions,
  isThere: (path: string) => boolean = existsSync,
): string[] {
  const standsStill = options.environment?.FAKETIME !== undefined;
  if (seconds === undefined || options.network || standsStill) return [];
  const library = LIBRARIES[process.arch];
  if (library === undefined || !isThere(library))
    throw new BuildError("no-other-clock", "this tools image has no libfaketime, which moves the clock of tools");
  const places = options.apivfs && !options.chroot ? [SHOWN, `${BUILDROOT}${SHOWN}`] : [SHOWN];
  return [
    ...places.flatMap((place) => ["--ro-bind", library, place]),
    ...["--setenv", "LD_PRELOAD", SHOWN, "--setenv", "FAKETIME", `+${seconds}s`],
    // Times of files stay what they are, and so does the time that waiting takes.
    ...["--setenv", "NO_FAKE_STAT", "1", "--setenv", "FAKETIME_DONT_FAKE_MONOTONIC", "1"],
  ];
}
