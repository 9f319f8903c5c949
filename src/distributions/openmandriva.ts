import type { Distribution } from "./distribution.ts";
import { fedora } from "./fedora.ts";

export const openmandriva: Distribution = {
  ...fedora,
  name: "openmandriva",
  prettyName: "OpenMandriva",
  defaultRelease: "cooker",
  architectures: { arm64: "aarch64", riscv64: "riscv64", "x86-64": "x86_64" },
  rootFilesystem: "ext4",
};
