import type { Distribution } from "./distribution.ts";
import { fedora } from "./fedora.ts";

export const azure: Distribution = {
  ...fedora,
  name: "azure",
  prettyName: "Azure Linux",
  defaultRelease: "3.0",
  architectures: { arm64: "aarch64", "x86-64": "x86_64" },
  rootFilesystem: "ext4",
};
