import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROTOCOL_VERSION, type VmPlan } from "../../../../sandbox/protocol.ts";
import { qemuArguments, qemuProgram, type VmFiles } from "../../../../sandbox/vm/arguments.ts";
import { findFirmware, hasPlatformKey } from "../../../../sandbox/vm/firmware.ts";
import { isStuck, parseShutdown } from "../../../../sandbox/vm/qmp.ts";

const PLAN: VmPlan = {
  version: PROTOCOL_VERSION,
  kind: "vm",
  architecture: "x86-64",
  image: "image.raw",
  format: "disk",
  firmware: "uefi",
  firmwareVariables: { kind: "empty" },
  credentials: [],
  kvm: false,
  kvmFallback: true,
  memory: 2048,
  cpus: 2,
  ephemeral: false,
  arguments: [],
};
const FILES: VmFiles = {
  disk: "/caisson/output/image.raw",
  firmware: { code: "/fw/code", variables: "/fw/variables" },
  variables: "/tmp/variables",
  credentials: [],
  socket: "/tmp/qmp",
  terminal: { columns: undefined, rows: undefined, name: undefined },
};

test("the whole command line, without KVM", () => {
  const extra = "kernel-cmdline-extra=console=ttyS0 rw panic=-1";
  const credential = "type=11,value=io.systemd.credential:firstboot";
  expect(qemuArguments(PLAN, FILES)).toEqual([
    ...["-machine", "q35", "-smp", "2", "-m", "2048M", "-no-user-config", "-accel", "tcg", "-cpu", "max"],
    ...["-nodefaults", "-nographic", "-serial", "mon:stdio"],
    ...[
      "-drive",
      "if=pflash,format=raw,readonly=on,file=/fw/code",
      "-drive",
      "if=pflash,format=raw,file=/tmp/variables",
    ],
    ...["-drive", "if=none,id=disk,format=raw,discard=unmap,file=/caisson/output/image.raw"],
    ...["-device", "virtio-blk-pci,drive=disk,bootindex=1", "-nic", "user,model=virtio-net-pci"],
    ...["-object", "rng-random,filename=/dev/urandom,id=rng", "-device", "virtio-rng-pci,rng=rng"],
    ...["-no-reboot", "-qmp", "unix:/tmp/qmp,server=on,wait=off"],
    ...["-smbios", `type=11,value=io.systemd.stub.${extra}`, "-smbios", `type=11,value=io.systemd.boot.${extra}`],
    ...["-smbios", `${credential}.locale=C.UTF-8`, "-smbios", `${credential}.timezone=UTC`],
  ]);
});

test("KVM, a throw-away disk, the terminal, more arguments, and commas", () => {
  const plan = { ...PLAN, kvm: true, ephemeral: true, arguments: ["-monitor", "none"] };
  const terminal = { columns: 80, rows: 24, name: "xterm" };
  const words = qemuArguments(plan, { ...FILES, disk: "/a,b.raw", terminal });
  expect(words).toContain("if=none,id=disk,format=raw,discard=unmap,file=/a,,b.raw,snapshot=on,cache=unsafe");
  expect(words.slice(words.indexOf("-accel"), words.indexOf("-accel") + 4)).toEqual(["-accel", "kvm", "-cpu", "host"]);
  expect(words.slice(-2)).toEqual(["-monitor", "none"]);
  expect(words).toContain(
    "type=11,value=io.systemd.stub.kernel-cmdline-extra=console=ttyS0 rw panic=-1 systemd.tty.term.console=xterm " +
      "systemd.tty.columns.console=80 systemd.tty.rows.console=24",
  );
});

test("Secure Boot, and credentials in files", () => {
  const plan = {
    ...PLAN,
    firmware: "uefi-secure-boot" as const,
    credentials: [{ name: "firstboot.locale", value: "" }],
  };
  const words = qemuArguments(plan, { ...FILES, credentials: ["/tmp/a,b"] });
  expect(words[1]).toBe("q35,smm=on");
  expect(words).toContain("driver=cfi.pflash01,property=secure,value=on");
  expect(words.filter((word) => word.startsWith("type=11") && !word.includes("cmdline"))).toEqual([
    "type=11,value=io.systemd.credential:firstboot.timezone=UTC",
    "type=11,path=/tmp/a,,b",
  ]);
});

test("the program is the architecture's", () => {
  expect(qemuProgram("arm64")).toBe("qemu-system-aarch64");
  expect(() => qemuProgram("s390x")).toThrow("virtual machines can be started for x86-64 and arm64, not for s390x");
});

test("firmware is chosen by its description", async () => {
  const folder = await mkdtemp(join(tmpdir(), "caisson-firmware-"));
  const describe = (name: string, features: string[], machine = "pc-q35-*") =>
    writeFile(
      join(folder, name),
      JSON.stringify({
        "interface-types": ["uefi"],
        mapping: {
          executable: { filename: `/${name}.code`, format: "raw" },
          "nvram-template": { filename: `/${name}.vars`, format: "raw" },
        },
        targets: [{ architecture: "x86_64", machines: [machine] }],
        features,
      }),
    );
  await describe("40-keys", ["enrolled-keys", "secure-boot"]);
  await describe("50-secure", ["secure-boot"]);
  await describe("55-other", [], "microvm");
  await describe("60-plain", ["acpi-s3"]);
  const find = (plan: Partial<VmPlan>) => findFirmware({ ...PLAN, ...plan }, folder);
  expect(await find({})).toEqual({ code: "/60-plain.code", variables: "/60-plain.vars" });
  expect((await find({ firmware: "uefi-secure-boot" })).code).toBe("/50-secure.code");
  const microsoft = { firmware: "uefi-secure-boot", firmwareVariables: { kind: "microsoft" } } as const;
  expect((await find(microsoft)).code).toBe("/40-keys.code");
  await expect(find({ architecture: "arm64" })).rejects.toMatchObject({
    code: "firmware-missing",
    message: "the tools image has no UEFI firmware for arm64",
  });
  await rm(folder, { recursive: true });
});

test("a platform key among firmware's variables ends setup mode", async () => {
  const folder = await mkdtemp(join(tmpdir(), "caisson-variables-"));
  const file = join(folder, "variables");
  const guid = Buffer.from("61dfe48bca93d211aa0d00e098032b8c", "hex");
  await writeFile(file, Buffer.concat([guid, Buffer.from("PKDefault\0", "utf16le")]));
  expect(await hasPlatformKey(file)).toBe(false);
  await writeFile(file, Buffer.concat([guid, Buffer.from("PK\0", "utf16le")]));
  expect(await hasPlatformKey(file)).toBe(true);
  await rm(folder, { recursive: true });
});

test("a machine that its accelerator gave up is told from one that was paused", () => {
  expect(isStuck('{"return": {"status": "internal-error", "running": false}}')).toBe(true);
  expect(isStuck('{"return": {"status": "paused", "running": false}}')).toBe(false);
  expect(isStuck('{"event": "STOP"}')).toBe(false);
});

test("QEMU's last words are read from its events", () => {
  const line = '{"timestamp": {}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-shutdown"}}';
  expect(parseShutdown(line)).toEqual({ guest: true, reason: "guest-shutdown" });
  expect(parseShutdown('{"event": "POWERDOWN"}')).toBeUndefined();
  expect(parseShutdown('{"return": {}}')).toBeUndefined();
});
