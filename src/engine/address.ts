import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import type { DockerOptions } from "dockerode";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { UserError } from "../errors.ts";

type Environment = Record<string, string | undefined>;

/** Whether a value of `--engine` or of DOCKER_HOST is an address, and not an engine's name. */
export function isAddress(value: string): boolean {
  return value.startsWith("/") || /^[a-z]+:\/\//.test(value);
}

/** The socket's path where the address is one of this machine. */
export function socketPath(address: string): string | undefined {
  if (address.startsWith("/")) return address;
  return address.startsWith("unix://") ? address.slice("unix://".length) : undefined;
}

/**
 * Options of dockerode for an address: a path, `unix://`, `tcp://`, `http://`, `https://` or `ssh://`. Every option that
 * docker-modem would otherwise take from DOCKER_HOST is named. TLS as in docker's own command line: DOCKER_TLS_VERIFY and
 * DOCKER_CERT_PATH. Throws UserError `engine-address`.
 */
export function clientOptions(address: string, environment: Environment): DockerOptions {
  const path = socketPath(address);
  // A connection for each request: one that is kept may be closed by the engine at the moment it is used again.
  if (path !== undefined)
    return { ...NOTHING, socketPath: path, agent: new Agent({ keepAlive: false }) } as DockerOptions;
  const url = parse(address);
  const host = { ...NOTHING, host: url.hostname };
  if (url.protocol === "ssh:") {
    return {
      ...host,
      protocol: "ssh",
      port: url.port || 22,
      ...(url.username ? { username: url.username } : {}),
      sshOptions: environment.SSH_AUTH_SOCK === undefined ? {} : { agent: environment.SSH_AUTH_SOCK },
    };
  }
  const tls = url.protocol === "https:" || url.port === "2376" || environment.DOCKER_TLS_VERIFY === "1";
  if (!tls) return { ...host, protocol: "http", port: url.port || 2375 };
  return { ...host, protocol: "https", port: url.port || 2376, ...certificates(environment.DOCKER_CERT_PATH) };
}

const NOTHING = {
  host: undefined,
  socketPath: undefined,
  port: undefined,
  protocol: "http",
} as unknown as DockerOptions;

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.hostname && ["tcp:", "http:", "https:", "ssh:"].includes(url.protocol)) return url;
  throw new UserError("engine-address", `The engine address "${address}" is none that is known.`, {
    hint: "Use a socket's path, unix://PATH, tcp://HOST:PORT or ssh://USER@HOST.",
    exitCode: ExitCode.usage,
  });
}

function certificates(folder: string | undefined): DockerOptions {
  if (folder === undefined) return {};
  const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map((name) => readFileSync(join(folder, name), "utf8"));
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
}
