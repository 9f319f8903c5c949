import { architectures } from "./architectures.ts";
import type { Distribution } from "./distribution.ts";

/** A tree that comes from elsewhere, without a package manager that is known. */
export const custom: Distribution = {
  name: "custom",
  prettyName: "Custom",
  defaultRelease: "",
  packageManager: undefined,
  architectures: Object.fromEntries(architectures.map(({ name }) => [name, name])),
  rootFilesystem: "ext4",
  keysToFetch: false,
  isKernelPackage: () => false,
};
