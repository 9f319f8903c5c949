import { readOsRelease } from "../distributions/os-release.ts";
import type { Host } from "./host.ts";

/** What podman needs for rootless containers, by package manager; `id` is matched against ID and ID_LIKE of os-release(5). */
const INSTALLERS: readonly { ids: string[]; command: string }[] = [
  {
    ids: ["debian", "ubuntu"],
    command: "apt-get install -y podman uidmap slirp4netns fuse-overlayfs crun containers-storage",
  },
  { ids: ["fedora", "rhel", "centos"], command: "dnf install -y podman shadow-utils slirp4netns fuse-overlayfs crun" },
  { ids: ["arch"], command: "pacman -S --noconfirm podman shadow slirp4netns fuse-overlayfs crun" },
  { ids: ["opensuse", "suse", "sles"], command: "zypper install -y podman shadow slirp4netns fuse-overlayfs crun" },
  { ids: ["alpine"], command: "apk add podman shadow-subids slirp4netns fuse-overlayfs crun" },
];

/** The command that installs podman on this host; undefined where none is known. */
export async function installCommand(host: Host): Promise<string | undefined> {
  if (host.platform === "darwin") return "brew install podman && podman machine init && podman machine start";
  const release = (await host.read("/etc/os-release")) ?? (await host.read("/usr/lib/os-release")) ?? "";
  const { ID = "", ID_LIKE = "" } = readOsRelease(release);
  const ids = [ID, ...ID_LIKE.split(/\s+/)];
  const found = ids.map((id) => INSTALLERS.find((installer) => installer.ids.includes(id))).find(Boolean);
  return found && `${host.uid === 0 ? "" : "sudo "}${found.command}`;
}
