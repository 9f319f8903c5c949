import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import http from "node:http";
import https from "node:https";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.ts";
import type { Environment } from "./root.ts";

export interface HttpOptions {
  environment: Environment;
  signal?: AbortSignal;
  /** Called with the number of bytes of each chunk. */
  onBytes?: (bytes: number) => void;
  /** Milliseconds before each further attempt. */
  delays?: readonly number[];
}

/** The server answered, and has no such file. */
export class NotFound extends Error {}

const DELAYS = [500, 2000, 5000] as const;
const IDLE_TIMEOUT = 30_000;
const MAX_REDIRECTS = 5;

/**
 * Gets a small file. Tries again on 5xx, 429, and broken or silent connections.
 * Throws NotFound on 404 and 410, and UserError `mirror-unreachable` when every attempt failed.
 */
export function get(url: string, options: HttpOptions): Promise<Buffer> {
  return retry(url, options, (body) => buffer(body));
}

/** As get, but writes the file to `path`, in constant memory. Resolves to its SHA-256, lowercase hexadecimal. */
export function download(url: string, path: string, options: HttpOptions): Promise<string> {
  return retry(url, options, async (body) => {
    const hash = createHash("sha256");
    await pipeline(body, hashed(hash), createWriteStream(path));
    return hash.digest("hex");
  });
}

function hashed(hash: ReturnType<typeof createHash>) {
  return async function* (chunks: AsyncIterable<Buffer>): Body {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
}

type Body = AsyncGenerator<Buffer>;

/** `read` is handed the body of each attempt, and throws what that throws. */
async function retry<T>(url: string, options: HttpOptions, read: (body: Body) => Promise<T>): Promise<T> {
  const delays = options.delays ?? DELAYS;
  for (let attempt = 0; ; attempt++) {
    try {
      return await read(readBody(await open(url, options, MAX_REDIRECTS), options));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof Retryable)) throw error;
      const delay = delays[attempt];
      if (delay === undefined) throw unreachable(url, error);
      await sleep(delay, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}

class Retryable extends Error {}

async function open(url: string, options: HttpOptions, redirects: number): Promise<http.IncomingMessage> {
  const response = await request(url, options);
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (status >= 300 && status < 400 && location !== undefined && redirects > 0) {
    response.resume();
    return open(new URL(location, url).href, options, redirects - 1);
  }
  if (status === 200) return response;
  response.resume();
  if (status === 404 || status === 410) throw new NotFound(url);
  if (status >= 500 || status === 429) throw new Retryable(`HTTP status ${status}`);
  throw unreachable(url, new Error(`HTTP status ${status}`));
}

function request(url: string, options: HttpOptions): Promise<http.IncomingMessage> {
  const target = new URL(url);
  const proxy = target.protocol === "http:" ? proxyFor(target, options.environment) : undefined;
  const client = target.protocol === "https:" ? https : http;
  // A proxy is asked for the absolute URL (RFC 9112, section 3.2.2).
  const where = proxy
    ? { host: proxy.hostname, port: proxy.port || 80, path: target.href, headers: { host: target.host } }
    : { host: target.hostname, port: target.port, path: target.pathname + target.search };
  return new Promise((resolve, reject) => {
    const call = client.get({ ...where, ...(options.signal ? { signal: options.signal } : {}) }, resolve);
    call.setTimeout(IDLE_TIMEOUT, () => call.destroy(new Error("no answer for 30 seconds")));
    call.on("error", (error) => reject(new Retryable(reason(error), { cause: error })));
  });
}

async function* readBody(response: http.IncomingMessage, options: HttpOptions): Body {
  let received = 0;
  try {
    for await (const chunk of response) {
      received += chunk.length;
      options.onBytes?.(chunk.length);
      yield chunk;
    }
  } catch (error) {
    // What a broken attempt brought is not progress.
    options.onBytes?.(-received);
    throw new Retryable(reason(error), { cause: error });
  }
}

/** http_proxy and no_proxy as curl reads them (curl(1), ENVIRONMENT). */
function proxyFor(target: URL, environment: Environment): URL | undefined {
  const proxy = environment.http_proxy;
  if (!proxy) return undefined;
  const exempt = (environment.no_proxy ?? environment.NO_PROXY ?? "").split(",").map((name) => name.trim());
  const direct = exempt.some(
    (name) => name === "*" || (name !== "" && `.${target.hostname}`.endsWith(`.${name.replace(/^\./, "")}`)),
  );
  return direct ? undefined : new URL(proxy.includes("://") ? proxy : `http://${proxy}`);
}

function unreachable(url: string, cause: Error): UserError {
  return new UserError("mirror-unreachable", `cannot get ${url}: ${cause.message}`, {
    hint: "Check the network, or name another mirror with CAISSON_DEBIAN_MIRROR=URL.",
    cause,
  });
}

/** Node gives an AggregateError without a message when every address of a name refused. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
