import type { Container } from "../comparer.ts";
import { json } from "../json.ts";
import { ar } from "./ar.ts";
import { compressions } from "./compressed.ts";
import { cpio } from "./cpio.ts";
import { ext4 } from "./ext4.ts";
import { fat16, fat32 } from "./fat.ts";
import { gpt } from "./gpt.ts";
import { headers } from "./headers.ts";
import { pe } from "./pe.ts";
import { tar } from "./tar.ts";
import { unpackedFilesystems } from "./unpacked.ts";
import { virtualDisks } from "./virtual-disk.ts";
import { xfs } from "./xfs.ts";

/** Everything that is looked into; of those that recognise the same content, the first. */
export const containers: readonly Container[] = [
  gpt,
  ext4,
  xfs,
  ...unpackedFilesystems,
  fat32,
  fat16,
  ...headers,
  ...virtualDisks,
  pe,
  ...compressions,
  cpio,
  tar,
  ar,
  json,
];
