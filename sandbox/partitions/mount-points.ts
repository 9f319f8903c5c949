import type { Planned } from "./prepare.ts";

/** Where partitions are mounted (UAPI group: Discoverable Partitions Specification), by type without the architecture. */
const MOUNT_POINTS: Readonly<Record<string, string[]>> = {
  esp: ["efi", "boot"],
  xbootldr: ["boot"],
  usr: ["usr"],
  home: ["home"],
  srv: ["srv"],
  var: ["var"],
  tmp: ["var/tmp"],
};

/** Folders of a root partition that others of the disk are mounted over; none of any other partition. */
export function mountPoints({ type }: Planned, planned: readonly Planned[]): string[] {
  if (designator(type) !== "root") return [];
  return planned.flatMap((other) => MOUNT_POINTS[designator(other.type)] ?? []);
}

/** `usr` of `usr-x86-64`; but partitions with hashes and signatures are none that is mounted. */
function designator(type: string): string {
  return /-verity(-sig)?$/.test(type) ? "" : (type.split("-")[0] ?? "");
}
