import * as z from "zod";

/** One stanza of a deb822 sources file (sources.list(5)). */
export const AptRepository = z.object({
  types: z.array(z.string()),
  uri: z.string(),
  suites: z.array(z.string()),
  components: z.array(z.string()),
  /** Path of a keyring in the tools image, or an armored key block. */
  signedBy: z.string().optional(),
  /** Skips signature checks; only for LocalMirror= and RepositoryKeyCheck=no. */
  trusted: z.boolean().default(false),
});
export type AptRepository = z.infer<typeof AptRepository>;

/** Where packages come from. */
export const DistributionPart = z.object({
  distribution: z.string(),
  release: z.string(),
  /** As in mkosi and systemd: `x86-64`, `arm64`. */
  architecture: z.string(),
  /** As the package manager calls it: `amd64`. */
  packageArchitecture: z.string(),
  /** As UEFI calls it: `x64`, `aa64`; absent where there is no UEFI. */
  efiArchitecture: z.string().optional(),
  packageManager: z.enum(["apt"]),
  repositories: z.array(AptRepository),
  /** The sources that an image with apt gets, without the build's own mirror. */
  imageRepositories: z.array(AptRepository),
});
