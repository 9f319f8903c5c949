import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BuildError } from "../errors.ts";
import type { ImagePlan } from "../protocol.ts";

/** The SELinux policy that an image is to be labelled with. */
export interface Policy {
  /** `default`, `targeted`. */
  name: string;
  /** The file of file_contexts(5), relative to the root; its companions lie beside it. */
  contexts: string;
}

/** Undefined where the image is not to be labelled. Throws where it is to be, and has no policy. */
export function policyOf(image: ImagePlan, root: string): Policy | undefined {
  const { selinuxRelabel, format, name } = image;
  // In a folder of the host's labels are the host's own.
  if (selinuxRelabel === "disabled" || format === "directory") return undefined;
  const found = findPolicy(root);
  if (typeof found !== "string") return found;
  if (selinuxRelabel === "auto") return undefined;
  throw new BuildError("selinux-policy-missing", `${name}: SELinuxRelabel=yes, and the image has no ${found}`, {
    hint: "add the distribution's policy to Packages=, such as selinux-policy-default on Debian",
  });
}

/** The policy that selinux_config(5) names, or what is missing of it. */
function findPolicy(root: string): Policy | string {
  const config = "etc/selinux/config";
  if (!existsSync(join(root, config))) return `/${config}`;
  const type = policyType(readFileSync(join(root, config), "utf8"));
  if (!type) return `SELINUXTYPE= in /${config}`;
  const contexts = `etc/selinux/${type}/contexts/files/file_contexts`;
  if (!existsSync(join(root, contexts))) return `/${contexts}`;
  const binaries = join(root, `etc/selinux/${type}/policy`);
  const names = existsSync(binaries) ? readdirSync(binaries) : [];
  if (!names.some((name) => /\.\d+$/.test(name))) return `/etc/selinux/${type}/policy/policy.*`;
  return { name: type, contexts };
}

/** A policy's name is the name of a folder. */
export function policyType(config: string): string | undefined {
  const values = [...config.matchAll(/^[ \t]*SELINUXTYPE=[ \t]*["']?([\w.+-]+)["']?[ \t]*(?:#.*)?$/gm)];
  return values.at(-1)?.[1];
}
