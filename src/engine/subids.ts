import { ExitCode } from "../../sandbox/exit-code.ts";
import { UserError } from "../errors.ts";
import type { Host } from "./host.ts";

/** Ids that an image may use: systemd's and the distributions' system users, and `nobody`, lie below. */
export const IDS_NEEDED = 65_536;

/** Ids that subuid(5) or subgid(5) delegates to the user, whose line begins with the name or with the number. */
export function delegatedIds(text: string | undefined, host: Pick<Host, "user" | "uid">): number {
  const ranges = (text ?? "").split("\n").map((line) => line.trim().split(":"));
  const own = ranges.filter(([owner]) => owner === host.user || owner === String(host.uid));
  return own.reduce((sum, [, , count]) => sum + Number(count), 0);
}

/** The command that delegates a range (usermod(8)), and the one that makes podman take notice (podman-system-migrate(1)). */
export function delegateCommand(user: string): string {
  return `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user} && podman system migrate`;
}

export function tooFewIds(ids: number, user: string): UserError {
  const message = `The engine has ${ids} user id${ids === 1 ? "" : "s"} for its containers; images need ${IDS_NEEDED}.`;
  return new UserError("no-subuids", message, {
    hint: `Give the user ${user} a range of ids: ${delegateCommand(user)}`,
    exitCode: ExitCode.host,
  });
}
