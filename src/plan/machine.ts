import { UserError } from "../errors.ts";

/** What of this machine a configuration may ask for. */
export interface Machine {
  /** /proc/modules; absent where there is none. */
  modules: string | undefined;
  /** /proc/cpuinfo; absent where there is none. */
  processors: string | undefined;
}

/** As microcode tells processors apart. */
export interface Processor {
  /** `GenuineIntel`, `AuthenticAMD`. */
  vendor: string;
  family: number;
  model: number;
  stepping: number;
}

export const unknownMachine = (): Machine => ({ modules: undefined, processors: undefined });

/** Names of loaded modules (proc_modules(5)), sorted. Throws UserError `host-unknown`. */
export function loadedModules({ modules }: Machine): string[] {
  const lines = (modules ?? "").split("\n").filter((line) => line !== "");
  if (lines.length > 0) return lines.map((line) => line.replace(/ .*$/, "").replaceAll("_", "-")).sort();
  throw unknown("the kernel modules that are loaded", "host among kernel modules");
}

/** The first processor of /proc/cpuinfo (proc_cpuinfo(5)). Throws UserError `host-unknown`. */
export function processorOf({ processors }: Machine): Processor {
  const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(\\S+)`, "m").exec(processors ?? "")?.[1];
  const vendor = field("vendor_id");
  const [family, model, stepping] = ["cpu family", "model", "stepping"].map((name) =>
    Number(field(name) ?? Number.NaN),
  );
  if (vendor !== undefined && [family, model, stepping].every(Number.isInteger))
    return { vendor, family: family as number, model: model as number, stepping: stepping as number };
  throw unknown("its processor", "MicrocodeHost=");
}

function unknown(what: string, setting: string): UserError {
  return new UserError("host-unknown", `This machine does not tell ${what}, which ${setting} asks for`, {
    hint: "Name what the image is to have instead, or build on a Linux machine of the kind that it is for",
  });
}
