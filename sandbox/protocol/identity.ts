import * as z from "zod";

/** Small settings that make a tree the image that it is meant to be. */
export const IdentityPart = z.object({
  /** Fields of os-release(5) that the distribution's own file gets wrong. */
  osRelease: z.record(z.string(), z.string()),
  imageId: z.string().optional(),
  imageVersion: z.string().optional(),
  /** `value` is a crypt(5) hash where `hashed` is set. */
  rootPassword: z.object({ value: z.string(), hashed: z.boolean() }).optional(),
  rootShell: z.string().optional(),
  hostname: z.string().optional(),
  locale: z.string().optional(),
  localeMessages: z.string().optional(),
  timezone: z.string().optional(),
  keymap: z.string().optional(),
  /** 32 hexadecimal digits. */
  machineId: z.string().optional(),
  autologin: z.boolean(),
  /** Whether the host of a virtual machine reaches its SSH server by VSOCK. */
  ssh: z.enum(["always", "auto", "runtime", "never"]),
  /** The image is an initrd itself. */
  makeInitrd: z.boolean(),
});
