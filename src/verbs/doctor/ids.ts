import type { EngineInfo } from "../../engine/engine.ts";
import type { Host } from "../../engine/host.ts";
import { installCommand } from "../../engine/install.ts";
import { delegateCommand, delegatedIds, IDS_NEEDED } from "../../engine/subids.ts";
import type { Finding } from "../doctor.ts";

/** A rootless container needs ids beside the caller's own (subuid(5), newuidmap(1)). */
export async function checkIds(host: Host, info: EngineInfo | undefined): Promise<Finding[]> {
  // Ids may also come from a directory service; what the engine has is what counts.
  if ((info?.ids ?? 0) >= IDS_NEEDED) {
    return [{ id: "subids", status: "ok", message: `Containers have ${info?.ids} user ids.` }];
  }
  return [
    await checkRange(host, "subuid"),
    await checkRange(host, "subgid"),
    await checkCommand(host, "newuidmap"),
    await checkCommand(host, "newgidmap"),
  ];
}

async function checkRange(host: Host, id: "subuid" | "subgid"): Promise<Finding> {
  const count = delegatedIds(await host.read(`/etc/${id}`), host);
  if (count >= IDS_NEEDED) return { id, status: "ok", message: `/etc/${id} gives ${host.user} ${count} ids.` };
  return {
    id,
    status: "failed",
    message: `/etc/${id} gives ${host.user} ${count} ids; images need ${IDS_NEEDED}.`,
    fix: delegateCommand(host.user),
  };
}

async function checkCommand(host: Host, id: string): Promise<Finding> {
  const path = await host.command(id);
  if (path) return { id, status: "ok", message: `${path} is there.` };
  const fix = await installCommand(host);
  return {
    id,
    status: "failed",
    message: `The command ${id} is missing: without it, a user's containers have one id only.`,
    ...(fix ? { fix } : {}),
  };
}
