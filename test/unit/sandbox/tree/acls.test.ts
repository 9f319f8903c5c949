import { expect, test } from "vitest";
import { aclFromExt4, aclFromXfs, aclText, aclToXfs } from "../../../../sandbox/tree/acls.ts";

const bytes = (...words: string[]) => Buffer.from(words.join(""), "hex");

const ACL = bytes(
  ...["02000000", "01000600ffffffff", "02000400e8030000", "04000400ffffffff"],
  ...["0800050021000000", "10000700ffffffff", "20000000ffffffff"],
);

test("the text that archives have", () => {
  expect(aclText(ACL)).toBe("user::rw-,user:1000:r--,group::r--,group:33:r-x,mask::rwx,other::---");
});

test("the form of ext4", () => {
  const own = bytes(
    ...["01000000", "01000600", "02000400e8030000", "04000400", "0800050021000000", "10000700", "20000000"],
  );
  expect(aclFromExt4(own)).toEqual(ACL);
});

test("the form of XFS", () => {
  const own = bytes(
    ...["00000006", "00000001ffffffff00060000", "00000002000003e800040000", "00000004ffffffff00040000"],
    ...["000000080000002100050000", "00000010ffffffff00070000", "00000020ffffffff00000000"],
  );
  expect(aclToXfs(ACL)).toEqual(own);
  expect(aclFromXfs(own)).toEqual(ACL);
});
