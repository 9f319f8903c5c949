import { createHmac } from "node:crypto";

/** The id that systemd-repart gives to the filesystem of a partition: derived from the partition's own, as a UUID of version 4. */
export function filesystemUuid(partition: string): string {
  const key = Buffer.from(partition.replaceAll("-", ""), "hex");
  const bytes = createHmac("sha256", key).update("file-system-uuid").digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const digits = bytes.toString("hex");
  const groups = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20)];
  return [...groups, digits.slice(20)].join("-");
}
