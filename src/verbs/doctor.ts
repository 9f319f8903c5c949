import { connect } from "../engine/discover.ts";
import type { Engine, EngineInfo } from "../engine/engine.ts";
import { type Host, thisHost } from "../engine/host.ts";
import { UserError } from "../errors.ts";
import { checkDevices } from "./doctor/devices.ts";
import { checkIds } from "./doctor/ids.ts";
import { checkKernel } from "./doctor/kernel.ts";
import { checkRuntime, checkSpace, checkStorage } from "./doctor/storage.ts";

export interface Finding {
  /** Stable, for programs: `engine`, `subuid`, `kvm`. */
  id: string;
  /** `warning`: builds work, though slower or with less; `failed`: a build could not work. */
  status: "ok" | "warning" | "failed";
  message: string;
  /** What mends it: a command, or a sentence with one. */
  fix?: string;
}

export interface DoctorReport {
  /** Whether a build could work; if not, the exit code is 3. */
  ok: boolean;
  findings: Finding[];
}

export interface DoctorOptions {
  /** As for `connect`. */
  engine?: string | undefined;
  environment: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  /** Where outputs would land. Default: the current folder. */
  directory?: string;
}

/** Looks at everything that a build needs of this host; finds, and changes nothing. */
export async function doctor(options: DoctorOptions): Promise<DoctorReport> {
  const host = thisHost(options.environment, options.platform);
  return examine(host, options.directory ?? process.cwd(), () => connect(options));
}

/** As `doctor`, with the host and the way to its engine given by the caller. */
export async function examine(host: Host, directory: string, open: () => Promise<Engine>): Promise<DoctorReport> {
  const { finding, engine, info } = await checkEngine(open);
  // Rootless is what an ordinary user gets, also where no engine can say so yet.
  const rootless = engine?.rootless ?? host.uid !== 0;
  const local = host.platform === "linux" && !engine?.remote;
  const findings = [
    finding,
    ...(local && rootless ? await checkIds(host, info) : []),
    ...(info ? checkStorage(info, rootless) : []),
    ...(local ? await checkRuntime(host, info) : []),
    ...(local ? await checkKernel(host, rootless) : []),
    ...(local ? await checkDevices(host, rootless) : []),
    ...(await checkSpace(host, directory, local ? info?.storagePath : undefined)),
  ];
  return { ok: findings.every(({ status }) => status !== "failed"), findings };
}

interface EngineFinding {
  finding: Finding;
  engine?: Pick<Engine, "rootless" | "remote">;
  info?: EngineInfo;
}

async function checkEngine(open: () => Promise<Engine>): Promise<EngineFinding> {
  try {
    const engine = await open();
    const info = await engine.info();
    await engine.close();
    const kind = engine.rootless ? "rootless" : "rootful";
    return {
      finding: {
        id: "engine",
        status: "ok",
        message: `${engine.name} ${info.version}, ${kind}, at ${engine.address}.`,
      },
      engine,
      info,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const fix = error.hint === undefined ? {} : { fix: error.hint };
    return { finding: { id: "engine", status: "failed", message: error.message, ...fix } };
  }
}
