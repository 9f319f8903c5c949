import type { Host } from "../../engine/host.ts";
import type { Finding } from "../doctor.ts";

/** The first kernel whose overlayfs mounts in a user namespace, with `userxattr` (kernel documentation, overlayfs). */
const OVERLAY_USERXATTR = [5, 11] as const;

/** What the kernel must allow; a rootful engine needs no more than any container. */
export async function checkKernel(host: Host, rootless: boolean): Promise<Finding[]> {
  if (!rootless) return [await checkVersion(host)];
  return [await checkVersion(host), ...(await checkUserNamespaces(host))];
}

async function checkVersion(host: Host): Promise<Finding> {
  const release = ((await host.read("/proc/sys/kernel/osrelease")) ?? "").trim();
  const [major = 0, minor = 0] = release.split(/[.-]/).map(Number);
  const [needsMajor, needsMinor] = OVERLAY_USERXATTR;
  if (major > needsMajor || (major === needsMajor && minor >= needsMinor)) {
    return { id: "kernel", status: "ok", message: `Linux ${release} has overlayfs in user namespaces.` };
  }
  return {
    id: "kernel",
    status: "failed",
    message: `Linux ${release} has no overlayfs with userxattr; ${needsMajor}.${needsMinor} or newer is needed.`,
  };
}

async function checkUserNamespaces(host: Host): Promise<Finding[]> {
  const id = "user-namespaces";
  if ((await value(host, "kernel/unprivileged_userns_clone")) === "0") {
    const message = "User namespaces are reserved for root (kernel.unprivileged_userns_clone=0).";
    return [{ id, status: "failed", message, fix: "sudo sysctl -w kernel.unprivileged_userns_clone=1" }];
  }
  if ((await value(host, "user/max_user_namespaces")) === "0") {
    const message = "User namespaces are switched off (user.max_user_namespaces=0).";
    return [{ id, status: "failed", message, fix: "sudo sysctl -w user.max_user_namespaces=15000" }];
  }
  const restricted = (await value(host, "kernel/apparmor_restrict_unprivileged_userns")) === "1";
  const note = restricted
    ? ", through AppArmor for programs with a profile only: the distribution's podman has one"
    : "";
  return [{ id, status: "ok", message: `User namespaces are allowed${note}.` }];
}

/** A sysctl; undefined where this kernel has none of that name. */
async function value(host: Host, name: string): Promise<string | undefined> {
  return (await host.read(`/proc/sys/${name}`))?.trim();
}
