import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { type GenkeyPlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import { UserError } from "../errors.ts";
import { withSession } from "../session/session.ts";
import { runWorker } from "../session/worker.ts";
import { outputOwner } from "./owner.ts";
import { shownPath } from "./paths.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

const FILES = { key: "mkosi.key", certificate: "mkosi.crt" };

/**
 * Makes mkosi.key and mkosi.crt beside mkosi.conf, which settings such as SecureBootKey= and VerityKey= find there.
 * Throws UserError `key-exists` without `--force`, `invalid-value`.
 */
export async function genkey(context: VerbContext): Promise<VerbResult> {
  const { line } = context;
  const folder = resolve(line.directory);
  if (line.force === 0) refuseExisting(folder);
  const days = validDays(line.options.genkeyValidDays);
  const commonName = (line.options.genkeyCommonName ?? "mkosi of %u").replaceAll("%u", userName(context));
  await withSession(sessionOptions(context), async (session) => {
    const tools = await session.tools(line.toolsUpdate);
    const owner = session.engine.rootless ? undefined : outputOwner(context);
    const plan: GenkeyPlan = { version: PROTOCOL_VERSION, kind: "genkey", ...FILES, commonName, days, owner };
    await runWorker(session.engine, { ...session, image: tools.image, plan, sources: [], outputDirectory: folder });
  });
  const end = new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  const paths = Object.values(FILES).map((name) => shownPath(join(folder, name)));
  context.onEvent({ type: "notice", level: "info", message: `The certificate of ${commonName} is valid until ${end}` });
  return { text: paths.map((path) => `${path}\n`).join(""), data: { ...FILES, commonName, validUntil: end } };
}

/** A key that is lost cannot be made again. */
function refuseExisting(folder: string): void {
  const found = Object.values(FILES).find((name) => existsSync(join(folder, name)));
  if (found === undefined) return;
  throw new UserError("key-exists", `${shownPath(join(folder, found))} exists already`, {
    hint: "Replace key and certificate with --force (-f); what the old key signed cannot be signed with it again",
  });
}

function validDays(text = "730"): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UserError("invalid-value", `--genkey-valid-days=${text}: expected a number of days, such as 730`, {
    exitCode: ExitCode.usage,
  });
}

/** Whoever called sudo(8), where that is how we were started. */
function userName({ environment, user }: VerbContext): string {
  if (user?.uid === 0 && environment.SUDO_USER) return environment.SUDO_USER;
  try {
    return userInfo().username;
  } catch {
    // An id without a name.
    return String(user?.uid ?? "unknown");
  }
}
