import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { debianMirror } from "../../src/distributions/mirror.ts";

export interface BrokenMirror {
  /** For `Mirror=`. */
  url: string;
  /** Paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

/**
 * A mirror of Debian on this machine: hands on what the host's own mirror has, with one byte changed in every file
 * whose path `wrong` matches.
 */
export async function brokenMirror(wrong: RegExp): Promise<BrokenMirror> {
  const upstream = await debianMirror();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    asked.push(path);
    serve(upstreamUrl(upstream, path), wrong.test(path), response).catch((error: Error) => {
      response.writeHead(502);
      response.end(error.message);
    });
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((settle) => {
      server.close(() => settle());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

function upstreamUrl(upstream: { main: string; security: string }, path: string): string {
  if (path.startsWith("/debian-security/")) return upstream.security + path.slice("/debian-security".length);
  return upstream.main + path.slice("/debian".length);
}

async function serve(url: string, isWrong: boolean, response: ServerResponse): Promise<void> {
  const answer = await fetch(url);
  const body = Buffer.from(await answer.arrayBuffer());
  if (isWrong && body.length > 0) {
    const middle = Math.floor(body.length / 2);
    // A letter for another one: text stays text, so that only the signature or the hash tells.
    body[middle] = (body[middle] ?? 0) ^ 1;
  }
  response.writeHead(answer.status, { "content-length": body.length });
  response.end(body);
}
