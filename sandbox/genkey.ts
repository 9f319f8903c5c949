import { chmod, lchown, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type GenkeyPlan, OUTPUT_PATH } from "./protocol.ts";
import { makeRun } from "./run.ts";

const FOLDER = "/run/caisson/output";

/** An RSA key of 2048 bits, which all UEFI firmware knows (UEFI specification, 32.4.1), and a certificate that it signs itself. The key is written nowhere else. */
export async function genkey(plan: GenkeyPlan, { signal }: { signal: AbortSignal }): Promise<void> {
  const aside = await mkdtemp(join(OUTPUT_PATH, ".caisson-genkey-"));
  try {
    const run = makeRun({ onLine: () => undefined, signal });
    await run(certificateWords(plan), {
      binds: [{ source: aside, target: FOLDER }],
      // No file says what else belongs into a certificate.
      environment: { OPENSSL_CONF: "/dev/null" },
    });
    await chmod(join(aside, "key"), 0o600);
    await chmod(join(aside, "certificate"), 0o644);
    if (plan.owner)
      for (const name of ["key", "certificate"]) await lchown(join(aside, name), plan.owner.uid, plan.owner.gid);
    await rename(join(aside, "key"), join(OUTPUT_PATH, plan.key));
    await rename(join(aside, "certificate"), join(OUTPUT_PATH, plan.certificate));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** openssl-req(1). */
function certificateWords({ commonName, days }: GenkeyPlan): string[] {
  const name = commonName.replace(/[\\/+]/g, "\\$&");
  const words = ["openssl", "req", "-quiet", "-new", "-x509", "-newkey", "rsa:2048", "-noenc", "-utf8"];
  words.push("-subj", `/CN=${name}/`, "-days", String(days));
  return [...words, "-keyout", `${FOLDER}/key`, "-out", `${FOLDER}/certificate`];
}
