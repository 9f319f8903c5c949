import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SOURCES_PATH, type VmPlan } from "../protocol.ts";
import { makeRun } from "../run.ts";

/** Writes each of the guest's credentials as an SMBIOS OEM string into a file of the folder (systemd(1), "SYSTEM CREDENTIALS"). */
export async function writeCredentials(plan: VmPlan, folder: string): Promise<string[]> {
  const credentials = await Promise.all(
    plan.credentials.map(async ({ name, value }) => ({
      name,
      content: typeof value === "string" ? Buffer.from(value) : await readFile(join(SOURCES_PATH, value.secret)),
    })),
  );
  const login = "ssh.authorized_keys.root";
  if (plan.sshCertificate && !credentials.some(({ name }) => name === login))
    credentials.push({ name: login, content: Buffer.from(await authorizedKey(plan.sshCertificate.source, folder)) });
  return Promise.all(
    credentials.map(async ({ name, content }, index) => {
      const file = join(folder, `credential-${index}`);
      await writeFile(file, `io.systemd.credential.binary:${name}=${content.toString("base64")}`, { mode: 0o600 });
      return file;
    }),
  );
}

/** The certificate's public key as authorized_keys has it (sshd(8)). */
async function authorizedKey(source: string, folder: string): Promise<string> {
  const run = makeRun({ onLine: () => undefined, signal: new AbortController().signal });
  const file = "/run/caisson/key";
  const shown = (path: string) => ({ binds: [{ source: path, target: file, readOnly: true }] });
  const openssl = ["openssl", "x509", "-in", file, "-pubkey", "-noout"];
  const key = join(folder, "public-key");
  await run(openssl, { ...shown(join(SOURCES_PATH, source)), stdout: { file: key } });
  const { stdout } = await run(["ssh-keygen", "-i", "-m", "PKCS8", "-f", file], { ...shown(key), stdout: "capture" });
  return stdout;
}
