import { expect, test } from "vitest";
import { findSetting } from "../../../../src/config/settings/index.ts";
import { showValue } from "../../../../src/config/values/show.ts";
import { folder, load } from "../folder.ts";

test.each<[assignment: string, shown: string[]]>([
  ["Packages=b a", ["a", "b"]],
  ["Bootable=yes", ["enabled"]],
  ["Autologin=yes", ["yes"]],
  ["ExtraTrees=/:/t /", ["/:/t", "/"]],
  ["RootPassword=hashed:x", ["(set)"]],
  ["OutputMode=755", ["0755"]],
  ["RAM=2G", ["2G"]],
  ["RAM=4097", ["8K"]],
  ["Environment=A=1 B=2", ["A=1", "B=2"]],
  ["Credentials=a=secret", ["a=(set)"]],
  ["Drives=d:1G d2:2M::discard:f:persist", ["d:1G:::d", "d2:2M::discard:f:persist"]],
  ["SecureBootKeySource=engine:pkcs11", ["engine:pkcs11"]],
  ["VerityKeySource=file", ["file"]],
  ["UnifiedKernelImageProfiles=debug.conf", ["ID=debug TITLE=Debugging: systemd.debug_shell quiet"]],
  ["Mirror=", []],
])("%s", async (assignment, shown) => {
  const root = folder({
    "mkosi.conf": `[Content]\n${assignment}\n`,
    "debug.conf": "[UKIProfile]\nProfile=ID=debug\n        TITLE=Debugging\nCmdline=systemd.debug_shell quiet\n",
  });
  const setting = findSetting(assignment.replace(/=.*/, ""));
  if (setting === undefined) throw new Error("no such setting");
  const { config } = await load(root);
  expect(showValue(setting.type, config[setting.name as keyof typeof config])).toEqual(shown);
});
