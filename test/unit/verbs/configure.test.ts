import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ConfigurePlan } from "../../../sandbox/protocol.ts";
import type { Session } from "../../../src/session/session.ts";
import { noticeConfigureScripts } from "../../../src/verbs/configuration.ts";
import { configureProject } from "../../../src/verbs/configure.ts";
import { openProject } from "../../../src/verbs/project.ts";
import { summary } from "../../../src/verbs/summary.ts";
import { debian, folder } from "../config/folder.ts";
import { FakeEngine } from "../session/fake-engine.ts";
import { verbContext } from "./context.ts";

/** A project with a script, which nothing here runs. */
async function opened({ text = "", mode = 0o700, more = {} }: { text?: string; mode?: number; more?: object } = {}) {
  const root = folder({ "mkosi.conf": debian + text, "mkosi.configure": "", ...more });
  chmodSync(join(root, "mkosi.configure"), mode);
  const context = verbContext("-C", root, "build");
  return { root, context, script: join(root, "mkosi.configure"), project: await openProject(context) };
}

function sessionWith(fake: FakeEngine, context: ReturnType<typeof verbContext>, rootless: boolean): Session {
  const { onEvent, interrupts } = context;
  const log = { path: "log", write: () => undefined, close: async () => undefined };
  const engine = Object.assign(fake.engine, { rootless });
  const used: Partial<Session> = { engine, build: "b", log, dist: "/dist", onEvent, interrupts };
  const image = { image: "tools-image" } as Awaited<ReturnType<Session["tools"]>>;
  return { ...used, tools: async () => image } as Session;
}

describe("a project with scripts", () => {
  test.each([
    { rootless: true, uid: "0" },
    { rootless: false, uid: "1000" },
  ])("becomes what they print, in one container ($rootless)", async ({ rootless, uid }) => {
    const { project, context, script } = await opened();
    const engine = new FakeEngine();
    const running = configureProject(sessionWith(engine, context, rootless), project, context);
    const file = script;
    engine.say(
      { type: "hello", version: 2 },
      { type: "notice", level: "info", message: "seen" },
      { type: "configured", image: "main", file, settings: { Format: "tar", Output: "other" } },
    );
    engine.exit(0);
    const changed = await running;
    expect(changed.config.main.config).toMatchObject({ Format: "tar", Output: "other", Release: "trixie" });
    expect(changed.plan({ toolsKey: "k", build: "b", force: 0, explain: false }).plan.images).toMatchObject([
      { outputFile: "other.tar" },
    ]);
    expect(context.events).toEqual([
      { type: "hello", version: 2 },
      { type: "notice", level: "info", message: "seen" },
    ]);
    const [container] = engine.started;
    const plan = JSON.parse(String(container?.files?.["/caisson/plan.json"])) as ConfigurePlan;
    expect(engine.started).toHaveLength(1);
    expect(container?.image).toBe("tools-image");
    expect(plan.images).toMatchObject([{ environment: { MKOSI_UID: uid }, scripts: [{ file }] }]);
  });

  test("is refused where what they print cannot be built", async () => {
    const { project, context, script } = await opened();
    const engine = new FakeEngine();
    const running = configureProject(sessionWith(engine, context, true), project, context);
    engine.say({ type: "configured", image: "main", file: script, settings: { UseSubvolumes: "enabled" } });
    engine.exit(0);
    await expect(running).rejects.toMatchObject({
      code: "not-built-yet",
      message: `${script}: UseSubvolumes= is read, but not built yet`,
    });
  });

  test("is opened although it asks for what they may take back", async () => {
    const { project } = await opened({ text: "[Output]\nUseSubvolumes=yes\n" });
    expect(project.config.main.config.UseSubvolumes).toBe("enabled");
  });
});

test("without scripts nothing is run", async () => {
  const context = verbContext("-C", folder({ "mkosi.conf": debian }), "build");
  const project = await openProject(context);
  const engine = new FakeEngine();
  expect(await configureProject(sessionWith(engine, context, true), project, context)).toBe(project);
  expect(engine.started).toEqual([]);
});

describe("a script that is not executable", () => {
  test("is refused", async () => {
    const { project, context, script } = await opened({ mode: 0o600 });
    await expect(
      configureProject(sessionWith(new FakeEngine(), context, true), project, context),
    ).rejects.toMatchObject({
      code: "not-executable",
      exitCode: 2,
      message: `${script}: the configure script is not executable`,
      hint: `chmod +x ${script}, or set MakeScriptsExecutable=yes in [Build]`,
    });
  });

  test("is made so with MakeScriptsExecutable=", async () => {
    const { project, context, script } = await opened({ mode: 0o600, text: "[Build]\nMakeScriptsExecutable=yes\n" });
    const engine = new FakeEngine();
    const running = configureProject(sessionWith(engine, context, true), project, context);
    engine.exit(0);
    await running;
    expect(statSync(script).mode & 0o777).toBe(0o700);
    const message = `${script} was not executable, and is now`;
    expect(context.events).toEqual([{ type: "notice", level: "warning", message }]);
  });
});

test("summary says that it does not run them", async () => {
  const { context, project } = await opened({ more: { "mkosi.images/a/mkosi.configure": "" } });
  const events: object[] = [];
  noticeConfigureScripts(project.config, { onEvent: (event) => void events.push(event) });
  const message = "ConfigureScripts= of a, main run before a build alone, and may change what is shown here";
  expect(events).toEqual([{ type: "notice", level: "info", message }]);
  await summary(context);
  expect(context.events).toEqual(events);
});
