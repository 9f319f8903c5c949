import { availableParallelism } from "node:os";
import { KVM_DEVICE, PROTOCOL_VERSION, type VmPlan } from "../../sandbox/protocol.ts";
import { nativeArchitecture } from "../distributions/architectures.ts";
import { UserError } from "../errors.ts";
import { type FormatName, formats } from "../formats/index.ts";
import { configurable } from "../plan/configurable.ts";
import { type SourceMount, Sources } from "../plan/sources.ts";
import { type Session, withSession } from "../session/session.ts";
import { buildWhereNeeded } from "./build.ts";
import { chooseKvm, openKvm } from "./kvm.ts";
import { onTerminal } from "./on-terminal.ts";
import { mainOutput, openProject, type Project } from "./project.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";
import { credentialsOf, firmwareOf, variablesOf } from "./vm-machine.ts";

/** Boots the image in QEMU, and builds it before where it does not exist. Throws where the guest ended badly. */
export async function vm(context: VerbContext): Promise<VerbResult> {
  const opened = await openProject(context);
  if (configurable(opened.config).length === 0) runnableFormat(opened);
  return withSession(sessionOptions(context, opened), async (session) => {
    const project = await buildWhereNeeded(session, opened, context, runnableFormat);
    const format = runnableFormat(project);
    const { kvm, why } = await askKvm(session, project);
    if (why !== undefined) context.onEvent(slowly(why));
    const sources = new Sources(project.config.workingDirectory);
    const plan = vmPlan(project, { format, kvm, arguments: context.line.arguments, sources });
    return startVm(session, project, { plan, sources: sources.mounts }, context);
  });
}

async function startVm(
  session: Session,
  project: Project,
  run: { plan: VmPlan; sources: SourceMount[] },
  context: VerbContext,
): Promise<VerbResult> {
  const devices = run.plan.kvm ? { devices: [KVM_DEVICE] } : {};
  const code = await onTerminal(session, project, context, { ...run, endInput: false, ...devices });
  if (code === 0) return {};
  throw new UserError("guest-unclean", `The guest did not power off cleanly: the worker ended with exit code ${code}`);
}

interface Run {
  format: VmPlan["format"];
  kvm: boolean;
  arguments: string[];
  /** Gets the files that the machine is to see. */
  sources: Sources;
}

export function vmPlan(project: Project, { sources, ...run }: Run): VmPlan {
  const { config } = project.config.main;
  return {
    version: PROTOCOL_VERSION,
    kind: "vm",
    architecture: config.Architecture,
    image: mainOutput(project),
    memory: Math.ceil(config.RAM / 1024 ** 2),
    cpus: config.CPUs === 0 ? availableParallelism() : config.CPUs,
    ephemeral: config.Ephemeral,
    kvmFallback: config.KVM === "auto",
    firmware: firmwareOf(config),
    firmwareVariables: variablesOf(config, sources),
    credentials: credentialsOf(config, sources),
    ...(config.SshCertificate === undefined
      ? {}
      : { sshCertificate: sources.source("ssh-certificate", config.SshCertificate) }),
    ...run,
  };
}

function runnableFormat(project: Project): VmPlan["format"] {
  const { Format: format } = project.config.main.config;
  if (isRunnable(format)) return format;
  const runnable = Object.values(formats).filter((row) => row.runnable);
  throw new UserError(
    "not-runnable",
    `${mainOutput(project)} has Format=${format}, which a virtual machine cannot start`,
    {
      hint: `Formats that it can start: ${runnable.map(({ name }) => name).join(", ")}`,
    },
  );
}

/** Those whose row says so are those of the plan. */
function isRunnable(format: FormatName): format is VmPlan["format"] {
  return formats[format].runnable;
}

function askKvm(session: Session, project: Project): Promise<{ kvm: boolean; why?: string }> {
  return chooseKvm({
    wanted: project.config.main.config.KVM,
    guest: project.config.main.config.Architecture,
    host: nativeArchitecture(),
    remote: session.engine.remote,
    device: () => openKvm(),
  });
}

function slowly(why: string) {
  const message = `The virtual machine runs without KVM, on QEMU's emulation (TCG), which is slow: ${why}`;
  return { type: "notice", level: "warning", message } as const;
}
