import type { ContainerSummary, Engine } from "../engine/engine.ts";
import { type Identity, Label, ownIdentity } from "./identity.ts";

export interface Leftovers {
  /** Builds whose containers were removed: their command lines were killed. */
  removed: string[];
  /** Builds that still run: their work on the volume must stay. */
  running: string[];
}

/**
 * Removes every build container whose command line is gone. A container of another host is left alone while it runs:
 * nothing tells from here whether its owner lives.
 */
export async function removeLeftovers(engine: Engine, identity: Identity = ownIdentity()): Promise<Leftovers> {
  const removed = new Set<string>();
  const running = new Set<string>();
  for (const container of await engine.listContainers(Label.build)) {
    const build = container.labels[Label.build] ?? "";
    if (isOwned(container, identity)) {
      running.add(build);
    } else {
      await engine.removeContainer(container.id);
      removed.add(build);
    }
  }
  return { removed: [...removed], running: [...running] };
}

function isOwned(container: ContainerSummary, identity: Identity): boolean {
  const { labels } = container;
  if (labels[Label.host] !== identity.host) return container.running;
  const start = identity.startOf(Number(labels[Label.pid]));
  return start !== undefined && start === (labels[Label.started] ?? "");
}
