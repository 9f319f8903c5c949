import { join } from "node:path";

export interface CredentialsOptions {
  environment: Readonly<Record<string, string | undefined>>;
  /** Undefined on systems without ids. */
  uid: number | undefined;
  exists: (path: string) => boolean;
}

/**
 * The file with the credentials of registries: what REGISTRY_AUTH_FILE names, else the first that is there of those that
 * `podman login`, `skopeo login` and `docker login` write (containers-auth.json(5)). Undefined where nobody logged in.
 */
export function registryCredentials({ environment, uid, exists }: CredentialsOptions): string | undefined {
  const { REGISTRY_AUTH_FILE: named, XDG_RUNTIME_DIR: runtime, HOME: home, DOCKER_CONFIG: docker } = environment;
  if (named) return named;
  const config = environment.XDG_CONFIG_HOME || (home && join(home, ".config"));
  const dockerFolder = docker || (home && join(home, ".docker"));
  const candidates = [
    runtime && join(runtime, "containers/auth.json"),
    uid !== undefined && `/run/containers/${uid}/auth.json`,
    config && join(config, "containers/auth.json"),
    dockerFolder && join(dockerFolder, "config.json"),
  ];
  return candidates.find((path) => typeof path === "string" && path !== "" && exists(path)) || undefined;
}
