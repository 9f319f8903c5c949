import type { Host } from "../../engine/host.ts";
import type { Finding } from "../doctor.ts";

/** Devices that make things faster or more comfortable; builds work without any of them. */
export async function checkDevices(host: Host, rootless: boolean): Promise<Finding[]> {
  const kvm = await checkKvm(host);
  if (!rootless) return [kvm];
  return [
    kvm,
    await checkDevice(host, "fuse", "/dev/fuse", "podman cannot use fuse-overlayfs"),
    await checkDevice(
      host,
      "tun",
      "/dev/net/tun",
      "containers with a network of their own have none; builds use the host's",
    ),
  ];
}

/** Opened, not only looked at: the node may be there where the processor or the virtual machine has no such thing. */
async function checkKvm(host: Host): Promise<Finding> {
  const id = "kvm";
  const opened = await host.opens("/dev/kvm");
  if (opened === true) return { id, status: "ok", message: "/dev/kvm is usable: `vm` runs at full speed." };
  const slow = "`vm` uses QEMU's emulation (TCG), which is several times slower";
  if (opened === "EACCES" || opened === "EPERM") {
    const message = `/dev/kvm may not be opened by ${host.user} (${opened}): ${slow}.`;
    return { id, status: "warning", message, fix: `sudo usermod --append --groups kvm ${host.user}` };
  }
  const why = opened === "ENOENT" ? "is missing" : `cannot be opened (${opened})`;
  return { id, status: "warning", message: `/dev/kvm ${why}: ${slow}.` };
}

async function checkDevice(host: Host, id: string, path: string, consequence: string): Promise<Finding> {
  const usable = await host.usable(path);
  if (usable === true) return { id, status: "ok", message: `${path} is usable.` };
  const fix = usable === "ENOENT" ? `sudo modprobe ${id}` : `sudo chmod 0666 ${path}`;
  return { id, status: "warning", message: `${path} is not usable (${usable}): ${consequence}.`, fix };
}
