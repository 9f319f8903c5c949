import { ExitCode } from "../../sandbox/exit-code.ts";
import { UserError } from "../errors.ts";
import { isAddress, socketPath } from "./address.ts";
import type { Engine } from "./engine.ts";
import { type Host, thisHost } from "./host.ts";
import { installCommand } from "./install.ts";
import { processLimits } from "./limits.ts";
import { applicableProbes, type Candidate, type Probe, type ProbeContext } from "./probes.ts";
import { IDS_NEEDED, tooFewIds } from "./subids.ts";

export interface ConnectOptions {
  /** `podman`, `docker`, or an address; undefined: whichever is found first. */
  engine?: string | undefined;
  environment: Record<string, string | undefined>;
  platform: NodeJS.Platform;
}

/**
 * A client of the first engine that answers. Whoever calls it calls `close` on it.
 * Throws UserError, all but the first with exit code 3: `unknown-engine`, `no-engine`, `engine-unreachable`,
 * `engine-service`, `no-subuids`.
 */
export async function connect({ engine, environment, platform }: ConnectOptions): Promise<Engine> {
  return discover({ ...thisHost(environment, platform), engine }, openCandidate);
}

/** As `connect`, with this machine and the opening of a candidate given by the caller. */
export async function discover(
  context: ProbeContext,
  open: (candidate: Candidate, host: Host) => Promise<Engine>,
): Promise<Engine> {
  expectKnown(context.engine);
  const failures: string[] = [];
  for (const probe of applicableProbes(context.engine)) {
    const found = await attempt(probe, context, open, failures);
    if (found) return found;
  }
  throw await noEngine(context, failures);
}

async function attempt(
  probe: Probe,
  context: ProbeContext,
  open: (candidate: Candidate, host: Host) => Promise<Engine>,
  failures: string[],
): Promise<Engine | undefined> {
  let candidate: Candidate | undefined;
  try {
    candidate = await probe.find(context);
    return candidate && (await open(candidate, context));
  } catch (error) {
    await candidate?.service?.close();
    if (error instanceof UserError && error.code !== "engine-service") throw error;
    if (candidate?.source) throw unreachable(candidate.address, candidate.source, error);
    // The next probe may still find one; should none do, every reason is told.
    failures.push(`${probe.name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Connects, and makes sure that containers there have ids enough. */
async function openCandidate(candidate: Candidate, host: Host): Promise<Engine> {
  const { address, service, machine = false } = candidate;
  const { openEngine } = await import("./dockerode.ts");
  const local = host.platform === "linux" && socketPath(address) !== undefined;
  const engine = await openEngine({
    address,
    environment: host.environment,
    foreignKernel: machine || !local,
    limits: local ? await processLimits() : undefined,
    ...(service ? { rootless: host.uid !== 0, close: service.close } : {}),
  });
  const ids = engine.rootless ? (service?.ids ?? (await engine.info()).ids) : undefined;
  if (ids !== undefined && ids < IDS_NEEDED) throw tooFewIds(ids, host.user);
  return engine;
}

function expectKnown(engine: string | undefined): void {
  if (engine === undefined || engine === "podman" || engine === "docker" || isAddress(engine)) return;
  throw new UserError(
    "unknown-engine",
    `The engine "${engine}" is unknown; podman, docker or an address was expected.`,
    {
      hint: "An address is a socket's path, unix://PATH, tcp://HOST:PORT or ssh://USER@HOST.",
      exitCode: ExitCode.usage,
    },
  );
}

function unreachable(address: string, source: string, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message.trim() : String(cause);
  return new UserError("engine-unreachable", `No container engine answers at ${address} (from ${source}): ${reason}`, {
    hint:
      source === "--engine"
        ? "Start the engine there, or leave out --engine."
        : `Start the engine there, or unset ${source}.`,
    exitCode: ExitCode.host,
    cause,
  });
}

async function noEngine(context: ProbeContext, failures: string[]): Promise<UserError> {
  const wanted = context.engine ?? "podman or docker";
  const tried = failures.map((failure) => `\n  ${failure}`).join("");
  const message = `No container engine was found: ${wanted} was expected.${tried}`;
  const hint = failures.length > 0 ? "Mend one of these, or run `caisson doctor`." : await installHint(context);
  return new UserError("no-engine", message, { hint, exitCode: ExitCode.host });
}

async function installHint(context: ProbeContext): Promise<string> {
  if (context.engine === "docker") return "Start docker, or leave out --engine to use podman.";
  const command = await installCommand(context);
  return command ? `Install podman: ${command}` : "Install podman 4.3 or newer: https://podman.io/docs/installation";
}
