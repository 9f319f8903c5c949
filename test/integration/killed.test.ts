import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../sandbox/protocol.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { caisson, names, project, remove, succeed } from "../support/caisson.ts";
import { buildContainers, inStore, withEngine } from "../support/engine.ts";
import { toolsImages } from "../support/tools.ts";

/** Small, and with every kind of step before the kernel's. */
const files = {
  "mkosi.conf": "[Distribution]\nDistribution=debian\nRelease=trixie\n[Output]\nCompressOutput=no\n",
  "mkosi.extra/etc/motd": "hello\n",
};
const build = ["--format=tar", "-ff", "build"];
/** Its last step takes half a minute, so that it is still there when it is killed, however fast the machine is. */
const slowly = ["--compress-output=xz", "--compress-level=9", ...build];

let folder: string;
beforeAll(async () => {
  folder = await project(files);
  // Packages and index; what follows is about the steps.
  await succeed(folder, build);
  await succeed(folder, ["--format=tar", "clean"]);
});
afterAll(() => remove(folder));

/** Whatever has happened, the next build works, and it or `clean` removes what is left of the killed one. */
afterEach(async () => {
  const outcome = await caisson(folder, build);
  await succeed(folder, ["--format=tar", "clean"]);
  expect(outcome.error).toBeUndefined();
  expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.extra"]);
  await withEngine(async (engine) => {
    expect(await buildContainers(engine)).toEqual([]);
    const [image] = await toolsImages(engine);
    expect(await inStore(engine, image?.id ?? "", ["ls", "-A", "/store/work"])).toBe("");
  });
});

describe("the container is killed", () => {
  test.each([1, 2, 3])("after step %i", async (count) => {
    const outcome = await withEngine(async (engine) => {
      let killed: Promise<void> | undefined;
      const onEvent = atStep(count, () => {
        killed = killContainers(engine);
      });
      const ended = await caisson(folder, slowly, { onEvent });
      await killed;
      return ended;
    });
    expect(outcome.code).toBe(1);
    expect(outcome.error).toMatchObject({
      code: "worker-killed",
      message: "The build container was killed by signal 9",
    });
    expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.extra"]);
  });
});

describe("the command line is killed", () => {
  test.each([0, 100, 300, 600])("%i ms after its start", async (milliseconds) => {
    const controller = { killed: false };
    const outcome = caisson(folder, build, {
      onStart: async (child) => {
        await sleep(milliseconds);
        controller.killed = child.kill("SIGKILL");
      },
    });
    expect((await outcome).code).toBeUndefined();
    expect(controller.killed).toBe(true);
    expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.extra"]);
  });

  test.each([1, 2, 3])("after step %i", async (count) => {
    let kill = () => false;
    const outcome = await caisson(folder, build, {
      onStart: (child) => {
        kill = () => child.kill("SIGKILL");
      },
      onEvent: atStep(count, () => kill()),
    });
    expect(outcome.code).toBeUndefined();
    expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.extra"]);
    await containersEnd();
  });
});

test("interrupted once, it cleans up itself", async () => {
  let interrupt = () => false;
  const outcome = await caisson(folder, slowly, {
    onStart: (child) => {
      interrupt = () => child.kill("SIGINT");
    },
    onEvent: atStep(2, () => interrupt()),
  });
  expect(outcome.code).toBe(130);
  expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.extra"]);
  expect(await withEngine(buildContainers)).toEqual([]);
});

/** Calls `act` when so many steps have ended. */
function atStep(count: number, act: () => void): (event: Event) => void {
  let ended = 0;
  return (event) => {
    if (event.type === "step-end" && ++ended === count) act();
  };
}

async function killContainers(engine: Engine): Promise<void> {
  for (const id of await buildContainers(engine)) await engine.removeContainer(id);
}

/** The worker ends by itself when nobody listens any more. */
async function containersEnd(): Promise<void> {
  await withEngine(async (engine) => {
    for (let i = 0; i < 100; i++) {
      const summaries = await engine.listContainers("caisson.build");
      if (!summaries.some(({ running }) => running)) return;
      await sleep(100);
    }
    throw new Error("a build container still runs 10 s after its command line was killed");
  });
}
