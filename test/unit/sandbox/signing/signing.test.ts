import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { conceal } from "../../../../sandbox/conceal.ts";
import { extensionDefinitions } from "../../../../sandbox/formats/extension.ts";
import type { ImagePlan } from "../../../../sandbox/protocol.ts";
import { stoppedClock } from "../../../../sandbox/signing/clock.ts";
import { deferredSignatures, requireSignature } from "../../../../sandbox/signing/partitions.ts";
import { extensionFields, extensionRelease } from "../../../../sandbox/steps/extension.ts";

const image = (changes: Partial<ImagePlan>) =>
  ({
    name: "main",
    format: "sysext",
    architecture: "x86-64",
    environment: {},
    verity: "auto",
    ...changes,
  }) as ImagePlan;

test("a clock that stands still", () => {
  expect(stoppedClock(1_700_000_000).FAKETIME).toBe("2023-11-14 22:13:20");
  expect(stoppedClock(0).FAKETIME).toBe("1970-01-01 00:00:00");
});

test.each([
  ["pkcs11:token=a;object=b?pin-value=1234", "pkcs11:token=a;object=b?pin-value=…"],
  [
    "--key 'pkcs11:object=b;pin-value=12%3b4;type=private' --other",
    "--key 'pkcs11:object=b;pin-value=…;type=private' --other",
  ],
  ["pkcs11:object=b?pin-source=file:/pin&pin-value=1", "pkcs11:object=b?pin-source=file:/pin&pin-value=…"],
  ["no key", "no key"],
])("%s, concealed", (text, concealed) => {
  expect(conceal(text)).toBe(concealed);
});

describe("partitions", () => {
  const types = (changes: Partial<ImagePlan>) => extensionDefinitions(image(changes)).map(([name]) => name);
  const key = { key: "k", certificate: "c" };

  test("an extension is signed where there is a key, or it has to be", () => {
    const all = ["10-root.conf", "20-root-verity.conf", "30-root-verity-sig.conf"];
    expect(types({})).toEqual(["10-root.conf"]);
    expect(types({ verityKey: key })).toEqual(all);
    expect(types({ verity: "disabled", verityKey: key })).toEqual(["10-root.conf"]);
    for (const verity of ["hash", "defer", "signed"] as const) expect(types({ verity })).toEqual(all);
  });

  test.each([
    ["sysext", "CopyFiles=/opt/\nCopyFiles=/usr/\n"],
    ["confext", "CopyFiles=/etc/\n"],
    ["portable", "CopyFiles=/\n"],
  ] as const)("what is in a %s", (format, lines) => {
    expect(extensionDefinitions(image({ format }))).toEqual([
      ["10-root.conf", `[Partition]\nType=root\nFormat=erofs\n${lines}Minimize=best\n`],
    ]);
  });

  test("a signature that was promised has to be there", () => {
    const root = { type: "root-x86-64" };
    const signature = { type: "root-x86-64-verity-sig" };
    expect(() => requireSignature(image({ verity: "signed" }), [root])).toThrow(
      "main: Verity=signed, and no partition of the disk has a verity signature",
    );
    expect(() => requireSignature(image({ verity: "signed" }), [root, signature])).not.toThrow();
    expect(() => requireSignature(image({ verity: "auto" }), [root])).not.toThrow();
    expect(deferredSignatures(image({ verity: "defer" }))).toEqual(["root-x86-64-verity-sig", "usr-x86-64-verity-sig"]);
    expect(deferredSignatures(image({ verity: "signed" }))).toEqual([]);
  });
});

describe("extension-release", () => {
  test("is that of the system beneath, of the image, and of the user, who has the last word", () => {
    const system = { ID: "debian", VERSION_ID: "13", SYSEXT_LEVEL: "2", PRETTY_NAME: "Debian" };
    const own = { VERSION_ID: "12", EXTRA: "1" };
    const plan = image({ imageId: "i", imageVersion: "3", environment: { SYSEXT_SCOPE: "system" } });
    expect(extensionFields(plan, { system, own })).toEqual({
      ID: "debian",
      SYSEXT_LEVEL: "2",
      VERSION_ID: "12",
      SYSEXT_ID: "i",
      SYSEXT_VERSION_ID: "3",
      SYSEXT_SCOPE: "system",
      ARCHITECTURE: "x86-64",
      EXTRA: "1",
    });
  });

  test("without a system, it fits any", async () => {
    const root = await mkdtemp(join(tmpdir(), "caisson-extension-"));
    const context = { image: image({ format: "confext", output: "e" }) } as Parameters<typeof extensionRelease>[0];
    await extensionRelease(context, root);
    expect(await readFile(join(root, "etc/extension-release.d/extension-release.e"), "utf8")).toBe(
      'ID=_any\nCONFEXT_SCOPE="initrd system portable"\nARCHITECTURE=x86-64\n',
    );
    await writeFile(join(root, "etc/extension-release.d/extension-release.e"), "ID=own\n");
    await extensionRelease(context, root);
    expect(await readFile(join(root, "etc/extension-release.d/extension-release.e"), "utf8")).toBe(
      'ID=own\nCONFEXT_SCOPE="initrd system portable"\nARCHITECTURE=x86-64\n',
    );
    await rm(root, { recursive: true });
  });
});
