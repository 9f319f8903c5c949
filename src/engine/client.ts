import type { IncomingMessage } from "node:http";
import type Docker from "dockerode";
import { type Description, readDockerInfo, readPodmanInfo } from "./info.ts";

/** Podman names itself in each answer; the answer to a ping is the quickest. */
export async function engineName(docker: Docker): Promise<"podman" | "docker"> {
  const response = (await get(docker, "/_ping", true)) as IncomingMessage;
  response.resume();
  return response.headers["libpod-api-version"] === undefined ? "docker" : "podman";
}

/** Podman's own API says more than the one that it shares with docker. */
export async function describe(docker: Docker, name: "podman" | "docker"): Promise<Description> {
  if (name === "podman") return readPodmanInfo(await get(docker, "/v4.0.0/libpod/info", false));
  return readDockerInfo(await docker.info());
}

function get(docker: Docker, path: string, isStream: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      { path, method: "GET", isStream, statusCodes: { 200: true } },
      (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)),
    );
  });
}

/** Makes it when it is first asked for, and only once. */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
