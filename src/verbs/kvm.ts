import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { KVM_DEVICE } from "../../sandbox/protocol.ts";
import { UserError } from "../errors.ts";

export interface KvmQuestion {
  /** KVM=. */
  wanted: "auto" | "enabled" | "disabled";
  /** As in mkosi: `x86-64`. */
  guest: string;
  host: string;
  /** The engine is on another machine. */
  remote: boolean;
  /** Why the device cannot be opened; undefined where it can. */
  device: () => Promise<string | undefined>;
}

/** Whether the guest runs on KVM; where not, `why` is for people. Throws UserError `no-kvm` where KVM is asked for. */
export async function chooseKvm(question: KvmQuestion): Promise<{ kvm: boolean; why?: string }> {
  if (question.wanted === "disabled") return { kvm: false, why: "KVM=no" };
  const why = await obstacle(question);
  if (why === undefined) return { kvm: true };
  if (question.wanted === "auto") return { kvm: false, why };
  throw new UserError("no-kvm", `KVM=yes, but ${why}`, {
    exitCode: ExitCode.host,
    hint: "'caisson doctor' says what mends it; KVM=auto goes on without",
  });
}

async function obstacle({ guest, host, remote, device }: KvmQuestion): Promise<string | undefined> {
  if (guest !== host) return `the image is for ${guest}, and this machine is ${host}`;
  if (remote) return `the engine is on another machine, whose ${KVM_DEVICE} is not used`;
  return device();
}

/** The device may exist and yet be unusable: only opening it tells. */
export async function openKvm(path = KVM_DEVICE): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDWR);
    await file.close();
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return `there is no ${path}`;
    if (code !== undefined) return `${path} cannot be opened (${code})`;
    throw error;
  }
}
