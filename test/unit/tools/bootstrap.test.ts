import { expect, test } from "vitest";
import { readBusybox } from "../../../src/tools/bootstrap.ts";

/** A tar of ./usr/bin/busybox, which says "tiny", compressed with xz. */
const DATA =
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AH1dABcLyyeJ8uv7sv6J4fnJCB0cKj6MUKgZCwf2u7wMQt2e6vgvehQh+vHgK/az" +
  "wYJYvwcQBi1t2iMbs1SOPaqeNQwBkWWoT1E88StRARSU3RswhY3Qka8D465Ig7TTzWdMFsJmY/PLxc42UKYVOeBVSO0brozQBSFv" +
  "yenww5oAAAAAAJ0W1J0wbblZAAGZAYBQAABtIrlFscRn+wIAAAAABFla";

function deb(member: string): Buffer {
  const data = Buffer.from(DATA, "base64");
  const header = `${member.padEnd(48)}${String(data.length).padEnd(10)}\`\n`;
  return Buffer.concat([Buffer.from(`!<arch>\n${header}`), data]);
}

test("takes the program out of the package, any number of times", async () => {
  for (let time = 0; time < 2; time++) expect((await readBusybox(deb("data.tar.xz"))).toString()).toBe("tiny");
});

test("refuses a package of another shape", async () => {
  await expect(readBusybox(deb("data.tar.zst"))).rejects.toThrow("busybox-static has no data.tar.xz");
});
