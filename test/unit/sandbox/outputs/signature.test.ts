import { expect, test } from "vitest";
import { readSecretKeys } from "../../../../sandbox/outputs/signature.ts";

/** As gpg 2.4 prints it. */
const listing = `sec:u:3072:1:AAAAAAAAAAAAAAAA:1700000000:::u:::scESC:::+:::23::0:
fpr:::::::::1111111111111111111111111111111111111111:
grp:::::::::9999999999999999999999999999999999999999:
uid:u::::1700000000::X::a <a@example.org>::::::::::0:
ssb:u:3072:1:BBBBBBBBBBBBBBBB:1700000500::::::s:::+:::23:
fpr:::::::::2222222222222222222222222222222222222222:
grp:::::::::8888888888888888888888888888888888888888:
sec:e:3072:1:CCCCCCCCCCCCCCCC:1800000000:1800000001::u:::sc:::+:::23::0:
fpr:::::::::3333333333333333333333333333333333333333:
`;

test("keys and subkeys with the times when they were made, without one that has expired", () => {
  expect(readSecretKeys(listing)).toEqual([
    { id: "1111111111111111111111111111111111111111", created: 1700000000 },
    { id: "2222222222222222222222222222222222222222", created: 1700000500 },
  ]);
});

test("none of an empty keyring", () => {
  expect(readSecretKeys("")).toEqual([]);
});
