import type { ContainerFormat, DiskFormat } from "../../sandbox/protocol.ts";
import type { FormatName } from "../formats/index.ts";

/** What an image can be exported as. */
export interface ExportFormat {
  readonly name: string;
  /** After the output's name. */
  readonly extension: string;
  /** Formats of images that it is made of. */
  readonly from: readonly FormatName[];
  readonly help: string;
}

const DISKS: readonly FormatName[] = ["disk", "esp"];

/** Every format of `export`, in the order of the help. */
export const exportFormats = {
  qcow2: { name: "qcow2", extension: "qcow2", from: DISKS, help: "QEMU and KVM, OpenStack" },
  vmdk: { name: "vmdk", extension: "vmdk", from: DISKS, help: "VMware" },
  vhd: { name: "vhd", extension: "vhd", from: DISKS, help: "Hyper-V" },
  vhdx: { name: "vhdx", extension: "vhdx", from: DISKS, help: "Hyper-V" },
  vdi: { name: "vdi", extension: "vdi", from: DISKS, help: "VirtualBox" },
  ova: {
    name: "ova",
    extension: "ova",
    from: DISKS,
    help: "A virtual machine with its disk, for VMware and VirtualBox",
  },
  "oci-archive": {
    name: "oci-archive",
    extension: "oci.tar",
    from: ["oci"],
    help: "podman load, skopeo, Docker 25 and newer",
  },
  "docker-archive": { name: "docker-archive", extension: "docker.tar", from: ["oci"], help: "docker load" },
} as const satisfies Record<DiskFormat | ContainerFormat, ExportFormat>;

export type ExportName = keyof typeof exportFormats;

/** In front of the name of an image in a registry. */
export const REGISTRY = "docker://";
