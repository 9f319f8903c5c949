import { enumeration } from "../values/enumeration.ts";
import { boolean, bytes, feature, wholeNumber } from "../values/scalars.ts";
import { setting } from "./setting.ts";

export const runtimeSettings = [
  setting({
    name: "Ephemeral",
    section: "Runtime",
    scope: "main",
    type: boolean,
    long: "--ephemeral",
    help: "Throw away what the running image writes",
  }),
  setting({
    name: "Console",
    section: "Runtime",
    scope: "main",
    type: enumeration({
      noun: "console",
      values: ["interactive", "read-only", "native", "gui", "headless"],
      supported: ["interactive", "native"],
    }),
    default: "native",
    long: "--console",
    help: "Where the virtual machine's console is; native and interactive are this terminal",
  }),
  setting({
    name: "CPUs",
    section: "Runtime",
    scope: "main",
    type: wholeNumber("number", "a number of CPUs"),
    default: 1,
    long: "--cpus",
    oldNames: ["QemuSmp"],
    oldLongs: ["--qemu-smp"],
    help: "CPUs of the virtual machine; 0 means all of this machine",
  }),
  setting({
    name: "RAM",
    section: "Runtime",
    scope: "main",
    type: bytes,
    default: 2 * 1024 ** 3,
    long: "--ram",
    oldNames: ["QemuMem"],
    oldLongs: ["--qemu-mem"],
    help: "Memory of the virtual machine, such as 2G",
  }),
  setting({
    name: "KVM",
    section: "Runtime",
    scope: "main",
    type: feature,
    long: "--kvm",
    oldNames: ["QemuKvm"],
    oldLongs: ["--qemu-kvm"],
    help: "Whether the virtual machine uses KVM; auto uses it where it works",
  }),
] as const;
