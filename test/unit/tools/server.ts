import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface TestServer {
  url: string;
  /** Paths asked for, in order. */
  asked: string[];
  close: () => Promise<void>;
}

/**
 * Serves files by path from 127.0.0.1; a number is answered as an empty response of that status (0: a body that
 * breaks off), a list one by one.
 */
export async function serve(
  files: Record<string, Buffer | string | number | (Buffer | number)[]>,
): Promise<TestServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const file = files[path] ?? 404;
    const answer = Array.isArray(file) ? (file.shift() ?? 404) : file;
    if (answer === 0) response.writeHead(200, { "content-length": 9 }).write("a pac", () => response.destroy());
    else if (typeof answer === "number") response.writeHead(answer).end();
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}
