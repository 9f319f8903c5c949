/**
 * What a TPM is to expect of a unified kernel image, for those who sign that elsewhere: the JSON of the UAPI group's
 * Unified Kernel Image specification, without signatures.
 */
import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { WriteJob } from "../context.ts";
import { peSections } from "../kernel/pe.ts";
import { SOURCES_PATH } from "../protocol.ts";
import { writeSection } from "./pe-section.ts";

/** The register that systemd-stub(7) measures sections into. */
const PCR = 11;
/** Sections that are measured, as systemd-measure(1) calls them. */
const MEASURED = ["linux", "osrel", "cmdline", "initrd", "ucode", "splash", "dtb", "uname", "sbat", "pcrpkey"];

export async function writePcrs(job: WriteJob, uki: string | undefined): Promise<void> {
  const { pcrCertificate, pcrKey } = job.context.image;
  const path = job.split("pcrs");
  // What is signed here is in the image itself.
  if (path === undefined || uki === undefined || !pcrCertificate || pcrKey) return;
  const certificate = new X509Certificate(await readFile(join(SOURCES_PATH, pcrCertificate.source)));
  const pkfp = fingerprint(certificate.publicKey);
  const values = await registerValues(job, uki);
  const sha256 = values.map((value) => ({ pcrs: [PCR], pkfp, pol: policyDigest(value) }));
  await writeFile(path, JSON.stringify({ sha256 }));
}

/** As systemd takes it (pubkey_fingerprint): of the key in the form of PKCS #1, or the point of an elliptic curve. */
export function fingerprint(key: KeyObject): string {
  const hash = createHash("sha256");
  if (key.asymmetricKeyType === "rsa") return hash.update(key.export({ type: "pkcs1", format: "der" })).digest("hex");
  const { x = "", y = "" } = key.export({ format: "jwk" });
  const coordinates = [x, y].map((part) => Buffer.from(part, "base64url"));
  return hash.update(Buffer.concat([Buffer.from([4]), ...coordinates])).digest("hex");
}

const Calculated = z.object({ sha256: z.array(z.object({ hash: z.string() })) });

/** One value for each phase of the boot that systemd-measure(1) knows. */
async function registerValues({ context }: WriteJob, uki: string): Promise<string[]> {
  const folder = join(context.work, "measured");
  await mkdir(folder, { recursive: true });
  const words = [];
  const present = (await peSections(uki)).map(({ name }) => name);
  for (const name of MEASURED.filter((each) => present.includes(`.${each}`))) {
    await writeSection(uki, `.${name}`, join(folder, name));
    words.push(`--${name}=/run/caisson/sections/${name}`);
  }
  const argv = ["/usr/lib/systemd/systemd-measure", "calculate", "--bank=sha256", "--json=short", ...words];
  const binds = [{ source: folder, target: "/run/caisson/sections", readOnly: true }];
  const { stdout } = await context.run(argv, { binds, stdout: "capture" });
  await rm(folder, { recursive: true });
  return Calculated.parse(JSON.parse(stdout)).sha256.map(({ hash }) => hash);
}

/** PolicyPCR of the register alone (TPM 2.0 Library, part 3: TPM2_PolicyPCR), for the bank SHA-256. `value` in hexadecimal. */
export function policyDigest(value: string): string {
  const command = Buffer.from("0000017f", "hex");
  // One selection: TPM_ALG_SHA256, three bytes of a bit mask.
  const selection = Buffer.from("00000001000b03000000", "hex");
  selection.writeUInt8(1 << (PCR % 8), 7 + Math.floor(PCR / 8));
  const values = createHash("sha256").update(Buffer.from(value, "hex")).digest();
  const digest = createHash("sha256").update(Buffer.alloc(32)).update(command).update(selection).update(values);
  return digest.digest("hex");
}
