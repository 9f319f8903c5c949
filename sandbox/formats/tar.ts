import type { Writer } from "../context.ts";
import { BUILDROOT } from "../run.ts";

/** A pax archive in name order, with numeric owners and file capabilities; no times but clamped ones of modification. */
export const writeTar: Writer = async ({ context, root, output }) => {
  const { run, epoch } = context;
  await run(
    [
      ...["tar", "--create", "--file=-", `--directory=${BUILDROOT}`, "--sort=name", "--format=pax", "--numeric-owner"],
      // The number in a pax header's own name is the process id otherwise.
      "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
      ...["--xattrs", "--xattrs-include=security.capability", "--xattrs-include=user.*"],
      ...["--clamp-mtime", `--mtime=@${epoch}`, "."],
    ],
    { root, rootReadOnly: true, stdout: { file: output } },
  );
};
