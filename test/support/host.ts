import type { Host } from "../../src/engine/host.ts";

export interface FakeHost extends Partial<Omit<Host, "read" | "usable" | "opens" | "command" | "freeSpace">> {
  files?: Record<string, string>;
  /** What may be opened, and how it fails where it may not. */
  paths?: Record<string, true | string>;
  commands?: string[];
  free?: Record<string, number>;
}

/** A Linux machine of the user `kim` that has only what the test names. */
export function fakeHost({ files = {}, paths = {}, commands = [], free = {}, ...rest }: FakeHost = {}): Host {
  const usable = async (path: string) => paths[path] ?? "ENOENT";
  return {
    platform: "linux",
    environment: {},
    uid: 1000,
    user: "kim",
    ...rest,
    read: async (path) => files[path],
    usable,
    opens: usable,
    freeSpace: async (path) => free[path],
    command: async (name) => (commands.includes(name) ? `/usr/bin/${name}` : undefined),
  };
}
