import { expect, test } from "vitest";
import { crc32c } from "../../../../sandbox/filesystems/crc32c.ts";

/** RFC 3720, appendix B.4; the checksum of "123456789" is the usual one. */
test.each([
  [Buffer.alloc(32), 0x8a9136aa],
  [Buffer.alloc(32, 0xff), 0x62a8ab43],
  [Buffer.from("123456789"), 0xe3069283],
  [Buffer.alloc(0), 0],
])("%#", (data, sum) => {
  expect(crc32c(data)).toBe(sum);
});
