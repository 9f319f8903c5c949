import { addon } from "./addon.ts";
import { confext } from "./confext.ts";
import { cpio } from "./cpio.ts";
import { directory } from "./directory.ts";
import { disk } from "./disk.ts";
import { esp } from "./esp.ts";
import type { Format } from "./format.ts";
import { none } from "./none.ts";
import { oci } from "./oci.ts";
import { portable } from "./portable.ts";
import { sysext } from "./sysext.ts";
import { tar } from "./tar.ts";
import { uki } from "./uki.ts";

export { type CompressionName, compressions } from "./compressions.ts";
export type { Format } from "./format.ts";

/** Every output format. */
export const formats = {
  confext,
  cpio,
  directory,
  disk,
  esp,
  none,
  portable,
  sysext,
  tar,
  uki,
  oci,
  addon,
} as const satisfies Record<string, Format>;
export type FormatName = keyof typeof formats;
