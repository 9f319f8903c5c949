import type { EngineInfo } from "../../engine/engine.ts";
import type { Host } from "../../engine/host.ts";
import { isHybrid } from "../../engine/service.ts";
import type { Finding } from "../doctor.ts";

const GIB = 2 ** 30;
/** Bytes: a tools image, packages, and one build of a small disk; and the same with room for a few layers. */
const LEAST_SPACE = 3 * GIB;
const ENOUGH_SPACE = 10 * GIB;

/** containers-storage.conf(5): vfs copies a whole image for each container. */
const USE_OVERLAY =
  "mkdir -p ~/.config/containers && printf '[storage]\\ndriver = \"overlay\"\\n' > ~/.config/containers/storage.conf && podman system reset --force";

/** How the engine keeps images. */
export function checkStorage(info: EngineInfo, rootless: boolean): Finding[] {
  const id = "storage-driver";
  if (info.storageDriver !== "vfs")
    return [{ id, status: "ok", message: `Images are kept with ${info.storageDriver}.` }];
  const message =
    "Images are kept with vfs, which copies all of an image for each container: slow, and takes much space.";
  if (!rootless) return [{ id, status: "warning", message }];
  return [
    { id, status: "warning", message: `${message} The command removes all images and containers.`, fix: USE_OVERLAY },
  ];
}

/** Whether the runtime works with the host's cgroups. */
export async function checkRuntime(host: Host, info: EngineInfo | undefined): Promise<Finding[]> {
  const id = "runtime";
  if (!(await isHybrid(host))) {
    return info ? [{ id, status: "ok", message: `Containers run with ${info.runtime}.` }] : [];
  }
  if (await host.command("runc")) {
    return [
      { id, status: "ok", message: "Both versions of cgroups are mounted: containers run with runc, not with crun." },
    ];
  }
  const message = "Both versions of cgroups are mounted: crun refuses such a host, and there is no runc.";
  return [{ id, status: "warning", message, fix: "sudo apt-get install -y runc" }];
}

/** Free space in the engine's storage, where it is on this machine, and in the output folder. */
export async function checkSpace(host: Host, directory: string, storage: string | undefined): Promise<Finding[]> {
  const findings = [await checkFolder(host, "space-output", directory)];
  if (storage !== undefined) findings.unshift(await checkFolder(host, "space-storage", storage));
  return findings;
}

async function checkFolder(host: Host, id: string, path: string): Promise<Finding> {
  const free = await host.freeSpace(path);
  if (free === undefined) return { id, status: "warning", message: `The free space of ${path} cannot be seen.` };
  const message = `${(free / GIB).toFixed(1)} GiB are free in ${path}`;
  if (free < LEAST_SPACE)
    return { id, status: "failed", message: `${message}; a build needs ${LEAST_SPACE / GIB} GiB.`, ...cleaning(id) };
  if (free < ENOUGH_SPACE)
    return {
      id,
      status: "warning",
      message: `${message}; ${ENOUGH_SPACE / GIB} GiB are comfortable.`,
      ...cleaning(id),
    };
  return { id, status: "ok", message: `${message}.` };
}

function cleaning(id: string): { fix: string } | object {
  return id === "space-storage" ? { fix: "caisson tools prune && podman system prune" } : {};
}
