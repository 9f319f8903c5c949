import { expect, it } from "vitest";
import { installCommand } from "../../../src/engine/install.ts";
import { fakeHost } from "../../support/host.ts";

it.each([
  ["ID=debian", "sudo apt-get install -y podman uidmap slirp4netns fuse-overlayfs crun containers-storage"],
  [
    'ID=linuxmint\nID_LIKE="ubuntu debian"',
    "sudo apt-get install -y podman uidmap slirp4netns fuse-overlayfs crun containers-storage",
  ],
  ["ID=fedora", "sudo dnf install -y podman shadow-utils slirp4netns fuse-overlayfs crun"],
  [
    'ID="rocky"\nID_LIKE="rhel centos fedora"',
    "sudo dnf install -y podman shadow-utils slirp4netns fuse-overlayfs crun",
  ],
  ["ID=arch", "sudo pacman -S --noconfirm podman shadow slirp4netns fuse-overlayfs crun"],
  [
    'ID="opensuse-leap"\nID_LIKE="suse opensuse"',
    "sudo zypper install -y podman shadow slirp4netns fuse-overlayfs crun",
  ],
  ["ID=plan9", undefined],
])("installs podman on %j with %s", async (release, expected) => {
  expect(await installCommand(fakeHost({ files: { "/etc/os-release": release } }))).toBe(expected);
});

it("needs no sudo as root", async () => {
  const host = fakeHost({ uid: 0, files: { "/usr/lib/os-release": "ID=debian" } });
  expect(await installCommand(host)).toBe(
    "apt-get install -y podman uidmap slirp4netns fuse-overlayfs crun containers-storage",
  );
});

it("installs podman and its machine on macOS", async () => {
  const command = await installCommand(fakeHost({ platform: "darwin" }));
  expect(command).toBe("brew install podman && podman machine init && podman machine start");
});
