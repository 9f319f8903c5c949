import { mkdir, utimes } from "node:fs/promises";
import type { Writer } from "../context.ts";
import { BUILDROOT } from "../run.ts";

/** The tree itself, with the owners that it has in the image. */
export const writeDirectory: Writer = async ({ context, root, output }) => {
  await mkdir(output);
  const binds = [{ source: output, target: "/output" }];
  await context.run(["cp", "--archive", "--sparse=auto", "--no-target-directory", "--", BUILDROOT, "/output"], {
    root,
    rootReadOnly: true,
    binds,
  });
  // An overlay's root has the time of its topmost folder, which is a new one.
  await utimes(output, context.epoch, context.epoch);
};
