import type { ContainerSummary, Engine } from "../engine/engine.ts";
import { type Identity, Label, ownIdentity } from "./identity.ts";

/**
 * Removes every build container whose command line is gone, and returns those builds. A container of another host is
 * left alone while it runs: nothing tells from here whether its owner lives.
 */
export async function removeLeftovers(engine: Engine, identity: Identity = ownIdentity()): Promise<string[]> {
  const removed = new Set<string>();
  for (const container of await engine.listContainers(Label.build)) {
    if (isOwned(container, identity)) continue;
    await engine.removeContainer(container.id);
    removed.add(container.labels[Label.build] ?? "");
  }
  return [...removed];
}

function isOwned(container: ContainerSummary, identity: Identity): boolean {
  const { labels } = container;
  if (labels[Label.host] !== identity.host) return container.running;
  const start = identity.startOf(Number(labels[Label.pid]));
  return start !== undefined && start === (labels[Label.started] ?? "");
}
