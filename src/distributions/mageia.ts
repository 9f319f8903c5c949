import type { Distribution } from "./distribution.ts";
import { fedora } from "./fedora.ts";

export const mageia: Distribution = {
  ...fedora,
  name: "mageia",
  prettyName: "Mageia",
  defaultRelease: "cauldron",
  architectures: { arm64: "aarch64", "x86-64": "x86_64" },
  rootFilesystem: "ext4",
};
