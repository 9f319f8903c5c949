import { createHash, createPrivateKey, createVerify, X509Certificate } from "node:crypto";
import { chmod, cp, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STORE_PATH } from "../../sandbox/protocol.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { addFiles, caisson, names, type Outcome, project, remove } from "../support/caisson.ts";
import { inStore, withEngine } from "../support/engine.ts";
import { INSIDE, inTools } from "../support/in-tools.ts";
import { esp, partition, section, verity } from "../support/signed.ts";
import { toolsImages } from "../support/tools.ts";

/** Secrets of the user that a search of everything has to be able to find. */
const PASSPHRASE = "a passphrase that is nowhere else";
const PIN = "pin-831752094-of-the-token";
const ROOT_PASSWORD = "the password of root, 831752094";

/** Boots nowhere: what is signed is all that matters. */
const bootable = `[Distribution]
Distribution=debian
Release=trixie
Architecture=x86-64
[Output]
Format=disk
Output=signed
Seed=0e9a4d5c-1b2a-4c3d-8e7f-00112233aabb
[Content]
Packages=apt,systemd,udev,linux-image-cloud-amd64,systemd-boot-efi
Bootable=yes
Initrds=initrd
KernelModulesInitrd=no
RootPassword=${ROOT_PASSWORD}
[Validation]
SecureBoot=yes
`;

let folder: string;
let state: string;
const start = Math.floor(Date.now() / 1000);
beforeAll(async () => {
  state = await project({});
  folder = await project({ "mkosi.conf": bootable, initrd: "no initrd at all\n" });
});
afterAll(() => Promise.all([folder, state].map(remove)));

/** All that the command line has printed. */
const said: string[] = [];

/** As `caisson`, with the output of every tool. */
async function attempt(where: string, args: string[]): Promise<Outcome> {
  const outcome = await caisson(where, ["--debug", ...args], { env: { XDG_STATE_HOME: state } });
  said.push(JSON.stringify(outcome.events), outcome.stderr);
  return outcome;
}

async function build(where: string, args: string[]): Promise<void> {
  const { code, error, stderr } = await attempt(where, args);
  expect({ code, error }, stderr).toEqual({ code: 0, error: undefined });
}

test("genkey makes a key for its owner alone, and a certificate, and replaces neither unasked", async () => {
  await build(folder, ["genkey", "--genkey-common-name=A/B of %u", "--genkey-valid-days=10"]);
  expect((await stat(join(folder, "mkosi.key"))).mode & 0o777).toBe(0o600);
  const { subject, validFrom, validTo } = await certificate();
  expect(subject).toMatch(/^CN=A\/B of \S+$/);
  expect((Date.parse(validTo) - Date.parse(validFrom)) / 86_400_000).toBe(10);
  const again = await attempt(folder, ["genkey"]);
  expect(again.error).toMatchObject({
    code: "key-exists",
    message: expect.stringMatching(/mkosi\.key exists already$/),
  });
  await build(folder, ["genkey", "-f"]);
  expect((await certificate()).subject).toMatch(/^CN=mkosi of \S+$/);
  expect((await names(folder)).filter((name) => name.startsWith("."))).toEqual([]);
});

describe("Secure Boot", () => {
  beforeAll(async () => {
    await build(folder, ["-f", "build"]);
  });

  test("what firmware starts, and the kernel in it, is signed with the key", async () => {
    const said = await tools(`${esp}${section}
      esp signed.raw /tmp/files
      cd /tmp/files
      for file in $(find . -iname '*.efi' | sort); do sbverify --cert ${INSIDE}/mkosi.crt "$file" && echo "signed $file"; done
      section EFI/Linux/*.efi .linux /tmp/linux
      sbverify --cert ${INSIDE}/mkosi.crt /tmp/linux && echo 'signed kernel'`);
    expect(said.match(/^signed .*$/gm)).toEqual([
      "signed ./EFI/BOOT/BOOTX64.EFI",
      expect.stringMatching(/^signed \.\/EFI\/Linux\/debian-.*\.efi$/),
      "signed ./EFI/systemd/systemd-bootx64.efi",
      "signed kernel",
    ]);
  });

  test("what is to be enrolled is the certificate", async () => {
    const said = await tools(`${esp}
      esp signed.raw /tmp/files
      for name in PK KEK db; do base64 -w0 "/tmp/files/loader/keys/auto/$name.auth"; echo; done`);
    const files = said
      .trim()
      .split("\n")
      .map((line) => Buffer.from(line, "base64"));
    expect(files).toHaveLength(3);
    const { raw } = await certificate();
    for (const file of files) expect(file.includes(raw)).toBe(true);
  });

  test("signatures of the TPM's registers are the key's", async () => {
    const said = await tools(
      `${esp}${section}esp signed.raw /tmp/files; section /tmp/files/EFI/Linux/*.efi .pcrsig /dev/stdout`,
    );
    const { sha256 } = JSON.parse(said.replaceAll("\0", "")) as {
      sha256: { pol: string; sig: string; pcrs: number[] }[];
    };
    // One for each phase of boot, as systemd-measure(1) has them.
    expect(sha256.map(({ pcrs }) => pcrs)).toEqual([[11], [11], [11], [11]]);
    const { publicKey } = await certificate();
    for (const { pol, sig } of sha256) {
      const verify = createVerify("sha256").update(Buffer.from(pol, "hex"));
      expect(verify.verify(publicKey, Buffer.from(sig, "base64"))).toBe(true);
    }
  });

  test("signed again, boot loader and kernel have the same bytes", async () => {
    const before = await hash("signed.raw");
    // Another key of the layer that the boot loader is signed in, and of the output, but the same content.
    await build(folder, ["--remove-files=/nothing/of/this/name", "-f", "build"]);
    expect(await hash("signed.raw")).toBe(before);
  });

  test("sbsign signs, too; kernels beside a boot loader's entry are signed as well", async () => {
    await build(folder, ["--secure-boot-sign-tool=sbsign", "--unified-kernel-images=no", "-f", "build"]);
    const said = await tools(`${esp}
      esp signed.raw /tmp/files
      cd /tmp/files
      for file in EFI/BOOT/BOOTX64.EFI */*/vmlinuz; do sbverify --cert ${INSIDE}/mkosi.crt "$file"; done`);
    expect(said.match(/Signature verification OK/g)).toHaveLength(2);
  });
});

describe("a token (SoftHSM, PKCS #11)", () => {
  const key = "pkcs11:token=caisson;object=key;type=private";
  const pins = [
    ["SecureBoot", "pin-source=file:/token/pin"],
    ["SignExpectedPcr", `pin-value=${PIN}`],
  ];
  const settings = pins.map(
    ([name, pin]) => `${name}Key=${key}?${pin}\n${name}KeySource=provider:pkcs11
${name}Certificate=pkcs11:token=caisson;object=key;type=cert\n${name}CertificateSource=provider:pkcs11\n`,
  );
  const configuration = `${bootable}${settings.join("")}[Build]
Environment=SOFTHSM2_CONF=/token/softhsm2.conf
[X-Caisson]
TokenTrees=token:/token
`;
  let own: string;
  beforeAll(async () => {
    own = await project({
      "mkosi.conf": configuration,
      "mkosi.conf.good": configuration,
      initrd: "no initrd at all\n",
      "token/tokens/": "",
      "token/pin": PIN,
      "token/softhsm2.conf": "directories.tokendir = /token/tokens\nobjectstore.backend = file\n",
    });
    await cp(join(folder, "mkosi.key"), join(own, "private"));
    await cp(join(folder, "mkosi.crt"), join(own, "certificate"));
    await tools(
      `export SOFTHSM2_CONF=/token/softhsm2.conf
      ln -s ${INSIDE}/token /token
      softhsm2-util --init-token --free --label caisson --pin ${PIN} --so-pin ${PIN}
      softhsm2-util --import private --token caisson --label key --id 01 --pin ${PIN}
      openssl x509 -in certificate -outform DER -out /tmp/der
      pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label caisson --login --pin ${PIN} \\
        --write-object /tmp/der --type cert --label key --id 01
      rm private certificate`,
      own,
    );
  });
  afterAll(() => remove(own));

  test("signs what a file would, with the same signatures", async () => {
    await build(own, ["-f", "build"]);
    await build(folder, ["-f", "build"]);
    const boot = `${esp}
      esp signed.raw /tmp/files
      cd /tmp/files
      sha256sum EFI/BOOT/BOOTX64.EFI EFI/Linux/*.efi`;
    expect(await tools(boot, own)).toBe(await tools(boot));
  });

  test("that has no such key is told of before anything is built", async () => {
    await writeFile(
      join(own, "mkosi.conf"),
      configuration.replaceAll("object=key;type=private", "object=other;type=private"),
    );
    const { error, events } = await attempt(own, ["-f", "build"]);
    expect(error).toMatchObject({
      code: "key-unusable",
      exitCode: 1,
      message: expect.stringMatching(/^main: the key of SecureBoot= cannot be used: /),
    });
    expect(events.filter((event) => event.type === "step").map(({ title }) => title)).toEqual([
      "Refreshing the package index",
    ]);
  });
});

describe("partitions", () => {
  let own: string;
  beforeAll(async () => {
    own = await project({
      "mkosi.conf":
        "[Distribution]\nDistribution=debian\nRelease=trixie\nArchitecture=x86-64\n[Output]\nFormat=disk\nOutput=data\n[Content]\nPackages=apt\nBootable=no\n[Validation]\nVerity=signed\n",
      "mkosi.repart/10-usr.conf":
        "[Partition]\nType=usr\nFormat=erofs\nCopyFiles=/usr/share/apt:/\nVerity=data\nVerityMatchKey=usr\nMinimize=best\n",
      "mkosi.repart/11-usr-verity.conf":
        "[Partition]\nType=usr-verity\nVerity=hash\nVerityMatchKey=usr\nMinimize=best\n",
      "mkosi.repart/12-usr-verity-sig.conf": "[Partition]\nType=usr-verity-sig\nVerity=signature\nVerityMatchKey=usr\n",
      "mkosi.repart/20-root.conf":
        "[Partition]\nType=root\nFormat=ext4\nCopyFiles=/etc:/\nEncrypt=key-file\nSizeMinBytes=48M\nSizeMaxBytes=48M\n",
      "mkosi.passphrase": PASSPHRASE,
    });
    for (const name of ["mkosi.key", "mkosi.crt"]) await cp(join(folder, name), join(own, name));
    await chmod(join(own, "mkosi.passphrase"), 0o600);
  });
  afterAll(() => remove(own));

  test("verity, its signature, and an encrypted partition that the passphrase opens", async () => {
    await build(own, ["-f", "build"]);
    const said = await tools(
      `${verity}verity data.raw 1 2 3
      partition data.raw 4 /tmp/luks
      cryptsetup open --test-passphrase --key-file mkosi.passphrase /tmp/luks && echo opened
      printf wrong | cryptsetup open --test-passphrase --key-file - /tmp/luks || echo refused`,
      own,
    );
    expect(said).toMatch(/^[0-9a-f]{64}\nopened\nrefused\n$/);
  });

  test("in the image is what its signatures are checked with", async () => {
    // What encrypting takes is the most of the time.
    await remove(join(own, "mkosi.repart/20-root.conf"));
    await addFiles(own, {
      "mkosi.repart/30-trust.conf":
        "[Partition]\nType=linux-generic\nFormat=erofs\nCopyFiles=/usr/lib/verity.d:/\nMinimize=best\n",
    });
    await build(own, ["-f", "build"]);
    const said = await tools(
      `${partition}partition data.raw 4 /tmp/trust
      fsck.erofs --extract=/tmp/tree /tmp/trust > /dev/null
      cmp /tmp/tree/mkosi.crt mkosi.crt && stat -c %a /tmp/tree/mkosi.crt`,
      own,
    );
    expect(said).toBe("644\n");
  });

  test("Verity=signed without a signature is no success", async () => {
    await remove(join(own, "mkosi.repart/12-usr-verity-sig.conf"));
    const { error } = await attempt(own, ["-f", "build"]);
    expect(error).toMatchObject({
      code: "verity-unsigned",
      message: "main: Verity=signed, and no partition of the disk has a verity signature",
    });
  });

  test("sectors of 4096 bytes", async () => {
    await build(own, ["--verity=auto", "--sector-size=4096", "-f", "build"]);
    const said = await tools("sfdisk --sector-size=4096 --json data.raw | jq .partitiontable.sectorsize", own);
    expect(said.trim()).toBe("4096");
  });
});

describe("what searching the volume and all that was said finds", () => {
  /** Base64 of the same data begins with other letters where the data begins elsewhere: whole lines of the file are enough. */
  const base64 = (pem: string) => pem.split("\n").filter((line) => line.length === 64);

  test("is the certificate", async () => {
    const [line = ""] = base64(await readFile(join(folder, "mkosi.crt"), "utf8"));
    expect(await onVolume(Buffer.from(line))).toMatch(/^\/store\/layers\/.*\.crt$/m);
  });

  test("is nothing of the key, nor the passphrase, the PIN or the password", async () => {
    const pem = await readFile(join(folder, "mkosi.key"), "utf8");
    const { p = "" } = createPrivateKey(pem).export({ format: "jwk" });
    const lines = base64(pem);
    expect(lines.length).toBeGreaterThan(20);
    const secrets = [...lines, PASSPHRASE, PIN, ROOT_PASSWORD].map((text) => Buffer.from(text));
    // As a file of DER has it.
    secrets.push(oneLine(Buffer.from(p, "base64url")));
    expect(await onVolume(...secrets)).toBe("");
    const logs = join(state, "caisson/logs");
    const files = await Promise.all((await names(logs)).map((name) => readFile(join(logs, name), "latin1")));
    expect(files).not.toEqual([]);
    for (const text of [...files, ...said])
      for (const secret of secrets) expect(text).not.toContain(secret.toString("latin1"));
  });
});

/** The files on the volume, since these tests began, that have any of the sequences of bytes. */
async function onVolume(...sequences: Buffer[]): Promise<string> {
  const patterns = Buffer.concat(sequences.flatMap((bytes) => [bytes, Buffer.from("\n")])).toString("base64");
  // The clock of a change cannot be set back: what is older was there before the key was.
  const find = `find ${STORE_PATH} -type f -newerct @${start}`;
  // The exit code is 1 where a grep finds nothing.
  const search = `${find} -exec env LC_ALL=C grep -laF -f /tmp/patterns {} + || test $? = 1`;
  return withEngine(async (engine) => {
    const [newest] = (await toolsImages(engine)).sort((a, b) => b.created.getTime() - a.created.getTime());
    const script = `echo ${patterns} | base64 -d > /tmp/patterns; ${search}`;
    return inStore(engine, newest?.id ?? "", ["bash", "-euo", "pipefail", "-c", script]);
  });
}

/** Bytes that are one line for grep. */
function oneLine(bytes: Buffer): Buffer<ArrayBuffer> {
  const starts = [...bytes.keys()].filter((start) => start + 16 <= bytes.length);
  const runs = starts.map((start) => Buffer.from(bytes.subarray(start, start + 16)));
  const [first] = runs.filter((run) => !run.includes(0) && !run.includes("\n"));
  if (first === undefined) throw new Error("no 16 bytes without an end of line");
  return first;
}

function tools(script: string, where = folder): Promise<string> {
  return withEngine((engine: Engine) => inTools(engine, where, script));
}

async function certificate(): Promise<X509Certificate> {
  return new X509Certificate(await readFile(join(folder, "mkosi.crt")));
}

async function hash(name: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(join(folder, name)))
    .digest("hex");
}
