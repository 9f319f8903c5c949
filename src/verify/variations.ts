import { readFileSync } from "node:fs";
import type { Surroundings } from "../session/worker.ts";
import type { VerbContext } from "../verbs/verb.ts";

/** One thing that is other in the second build, or that could not be. */
export interface Variation {
  name: string;
  first: string;
  /** Absent where it is the same in both, for the reason. */
  second?: string;
  reason?: string;
}

/** More than a year: every part of a date is another one. */
export const CLOCK = 400 * 86_400 + 5 * 3600 + 1234;
const UMASK = 0o077;
const ZONE = "Pacific/Kiritimati";
const LOCALE = "tr_TR.UTF-8";
const USER = "verifier";
const HOME = "/nonexistent/verifier";
const HOSTNAME = "elsewhere";
const OTHER_ID = 54_321;
/** libfaketime's of the tools image is for its tools; the worker itself needs no clock. */
const VARIABLES = { TZ: ZONE, LANG: LOCALE, LC_ALL: LOCALE, HOME, USER, LOGNAME: USER, HOSTNAME };

/** What surrounds the worker of the second build. */
export function surroundings(volume: string): Surroundings {
  return { volume, environment: VARIABLES, hostname: HOSTNAME, umask: UMASK.toString(8), cpu: firstProcessor() };
}

/** As the second build sees the world: in another folder, as somebody else; with other ids, where files can belong to them. */
export function elsewhere(context: VerbContext, directory: string, asOther: boolean): VerbContext {
  const environment = { ...context.environment, ...VARIABLES };
  const user = asOther ? { uid: OTHER_ID, gid: OTHER_ID } : context.user;
  return { ...context, environment, user, line: { ...context.line, directory } };
}

/** Runs `work` with another umask and another time zone of this process. */
export async function inOtherProcess<T>(work: () => Promise<T>): Promise<T> {
  const [umask, zone] = [process.umask(UMASK), process.env.TZ];
  process.env.TZ = ZONE;
  try {
    return await work();
  } finally {
    process.umask(umask);
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
}

interface Here {
  hostname: string;
  processors: number;
  asOther: boolean;
}

/** Everything that this module varies. */
export function described({ environment, user }: VerbContext, here: Here): Variation[] {
  const { hostname, processors, asOther } = here;
  const { cpu } = surroundings("");
  const umask = process.umask();
  const vary = (name: string, first: string, second: string) => ({ name, first, second });
  return [
    vary("clock of the tools", "the host's", `${Math.floor(CLOCK / 86_400)} days ahead`),
    vary("time zone", environment.TZ ?? "the host's", ZONE),
    vary("locale", environment.LC_ALL ?? environment.LANG ?? "none", LOCALE),
    vary("umask", shownMask(umask), shownMask(UMASK)),
    vary("user's name", environment.USER ?? "none", USER),
    ids(user, asOther),
    vary("home", environment.HOME ?? "none", HOME),
    vary("host's name", hostname, HOSTNAME),
    vary("processors", String(processors), `1 (number ${cpu})`),
    vary("cache", "as it is", "empty: packages fetched and layers built anew"),
  ];
}

function ids(user: VerbContext["user"], asOther: boolean): Variation {
  const first = user === undefined ? "none" : `${user.uid}:${user.gid}`;
  if (asOther) return { name: "user's ids", first, second: `${OTHER_ID}:${OTHER_ID}` };
  return { name: "user's ids", first, reason: "only root can build for others" };
}

function shownMask(mask: number): string {
  return mask.toString(8).padStart(4, "0");
}

/** One that this process may run on (proc_pid_status(5)); on a virtual machine's engine there is always the first. */
function firstProcessor(): number {
  if (process.platform !== "linux") return 0;
  const allowed = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(allowed ?? 0);
}
