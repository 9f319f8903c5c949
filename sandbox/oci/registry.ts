import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError, ToolError } from "../errors.ts";
import { type OciSource, SOURCES_PATH } from "../protocol.ts";
import type { Bind, RunOptions, RunResult } from "../run.ts";
import { sha256 } from "../tree/hash.ts";

type Registry = Extract<OciSource, { kind: "registry" }>;

/** Where skopeo finds the file of credentials. */
const AUTH_FILE = "/run/caisson/auth.json";

/** The digest that a tag has now. Throws BuildError `registry-failed`. */
export async function digestInRegistry(context: Context, source: Registry): Promise<string> {
  const words = ["inspect", "--raw", ...access(source, "--"), `docker://${source.image}`];
  const { stdout } = await skopeo(context.run, words, source, { stdout: "capture" });
  return `sha256:${sha256(stdout)}`;
}

/** Fetches the image of the digest, for the image's own platform, into `FOLDER/image`, as it is. Throws BuildError `registry-failed`. */
export async function copyFromRegistry(
  context: Context,
  source: Registry,
  digest: string,
  folder: string,
): Promise<void> {
  const { architecture = "", variant } = context.image.ociPlatform ?? {};
  const platform = ["--override-os=linux", `--override-arch=${architecture}`];
  if (variant !== undefined) platform.push(`--override-variant=${variant}`);
  const from = `docker://${withoutTag(source.image)}@${digest}`;
  const words = [...platform, "copy", "--preserve-digests", ...access(source, "--src-"), from, "dir:/output/image"];
  await skopeo(context.run, words, source, { binds: [{ source: folder, target: "/output" }] });
}

/** `REGISTRY/NAME`. */
export function withoutTag(image: string): string {
  const [name = ""] = image.split("@");
  return name.replace(/:[^:/]*$/, "");
}

/** How a registry is spoken to: with credentials, and without TLS where it is this machine itself, as with Docker. */
export function access({ image, credentials }: Pick<Registry, "image" | "credentials">, prefix: string): string[] {
  const host = image.slice(0, image.indexOf("/"));
  const local = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(host);
  const words = credentials ? [`${prefix}authfile=${AUTH_FILE}`] : [];
  return local ? [...words, `${prefix}tls-verify=false`] : words;
}

/** Runs skopeo with the network. What it says is what the registry says. Throws BuildError `registry-failed`. */
export async function skopeo(
  run: Context["run"],
  words: readonly string[],
  { image, credentials }: Pick<Registry, "image" | "credentials">,
  options: Pick<RunOptions, "binds" | "stdout">,
): Promise<RunResult> {
  const auth: Bind[] = credentials
    ? [{ source: join(SOURCES_PATH, credentials.secret), target: AUTH_FILE, readOnly: true }]
    : [];
  // What is fetched is checked by its digest, which says more than a policy of signatures that nobody has set up.
  const argv = ["skopeo", "--insecure-policy", ...words];
  try {
    return await run(argv, { ...options, network: true, binds: [...auth, ...(options.binds ?? [])] });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw new BuildError("registry-failed", `${image}: ${reason(error.output)}`, {
      hint: "`skopeo login` and `podman login` write the credentials that are used.",
      command: error.command,
      tail: error.tail,
      cause: error,
    });
  }
}

/** The last of skopeo's own words, without the form of its log. */
export function reason(output: readonly string[]): string {
  const line = output.findLast((each) => each.includes("level=fatal")) ?? output.at(-1) ?? "skopeo failed";
  const [, message] = /msg="((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return (message ?? line).replace(/\\"/g, '"');
}
