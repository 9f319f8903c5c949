import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { debianMirror } from "../../src/distributions/mirror.ts";
import { connect } from "../../src/engine/discover.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { BOOTSTRAP_LABEL, ensureBase } from "../../src/tools/bootstrap.ts";
import { buildTools, findTools } from "../../src/tools/image.ts";
import { type Lock, lockedFor } from "../../src/tools/lock.ts";
import type { ToolsContext, ToolsProgress } from "../../src/tools/progress.ts";
import { type Recipe, readRecipe, recipeList } from "../../src/tools/recipe.ts";
import { runContainer } from "../../src/tools/run.ts";
import { debianArchitecture, ensureTools, readChoices, type Tools } from "../../src/tools/tools.ts";
import { makeLock } from "../../src/tools/update.ts";

const allowUpdate = process.env.CAISSON_TOOLS_UPDATE === "1";

let engine: Engine;
let mirror: string;
let architecture: string;
let tools: Tools;
let lock: Lock;

beforeAll(async () => {
  engine = await connect({
    engine: process.env.CAISSON_TEST_ENGINE,
    environment: process.env,
    platform: process.platform,
  });
  mirror = (await debianMirror()).main;
  architecture = await debianArchitecture(engine);
  tools = await ensureTools(engine, { mirror, allowUpdate });
  const choices = await readChoices(await readRecipe(), architecture, { allowUpdate });
  lock = choices.find(({ key }) => key === tools.key)?.lock ?? choices[0].lock;
});

afterAll(() => engine?.close());

function run(image: string, ...command: string[]): Promise<string[]> {
  return runContainer(engine, { image, command }, command.join(" "), {}, async (_container, lines) => lines);
}

describe("the tools image", () => {
  test("is found again without a word", async () => {
    const progress: ToolsProgress[] = [];
    const again = await ensureTools(engine, { mirror, allowUpdate, onProgress: (event) => progress.push(event) });
    expect(again).toEqual(tools);
    expect(progress).toEqual([]);
  });

  test("holds the locked packages, all configured, and no other", async () => {
    const format = ["Package", "Version", "Status"].map((field) => `\${${field}}`).join(" ");
    const lines = await run(tools.image, "dpkg-query", "--show", `--showformat=${format}\\n`);
    const { packages } = lockedFor(lock, architecture);
    expect(lines.sort()).toEqual(packages.map(({ name, version }) => `${name} ${version} install ok installed`).sort());
  });

  test.each([
    ["node", "--version"],
    ["bwrap", "--version"],
    ["ukify", "--version"],
    ["systemd-repart", "--version"],
    ["mkfs.ext4", "-V"],
    ["mkfs.erofs", "--version"],
  ])("runs %s", async (...command) => {
    await run(tools.image, ...command);
  });

  test("keeps owners, setuid and setgid bits, and settles nothing for other trees", async () => {
    const files = ["/usr/bin/su", "/usr/sbin/unix_chkpwd", "/etc/shadow", "/tmp", "/bin"];
    expect(await run(tools.image, "stat", "--format=%a %U:%G %F %n", ...files)).toEqual([
      "4755 root:root regular file /usr/bin/su",
      "2755 root:shadow regular file /usr/sbin/unix_chkpwd",
      "640 root:shadow regular file /etc/shadow",
      "1777 root:root directory /tmp",
      "777 root:root symbolic link /bin",
    ]);
    const leftovers = ["-name", "policy-rc.d", "-o", "-path", "/etc/dpkg/dpkg.cfg.d/*"];
    expect(await run(tools.image, "find", "/etc/dpkg", "/usr/sbin", ...leftovers)).toEqual([]);
  });
});

describe("the bootstrap", () => {
  let cache: string;
  let recipe: Recipe;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), "caisson-test-"));
    const { scripts, ...rest } = await readRecipe();
    // Another key, so that nothing that is there already is found.
    const slim = `# ${randomUUID()}\n${scripts["slim.sh"]}`;
    recipe = { ...rest, scripts: { ...scripts, "slim.sh": slim } };
  });
  afterAll(() => rm(cache, { recursive: true }));

  const context = (more: Partial<ToolsContext> = {}): ToolsContext => ({
    mirror,
    environment: { ...process.env, XDG_CACHE_HOME: cache },
    onProgress: () => undefined,
    ...more,
  });

  test("that is interrupted leaves no container and no image", async () => {
    const abort = new AbortController();
    const onProgress = ({ title, current }: ToolsProgress) => {
      if (title.startsWith("Installing the base system") && current === 1) abort.abort(new Error("stopped"));
    };
    const stopped = ensureBase(
      engine,
      recipe,
      lockedFor(lock, architecture),
      context({ onProgress, signal: abort.signal }),
    );
    await expect(stopped).rejects.toThrow("stopped");
    expect(await engine.listContainers(BOOTSTRAP_LABEL)).toEqual([]);
    expect((await engine.listImages("caisson.base.key")).some(({ references }) => references.length === 0)).toBe(false);
  });

  test("makes an image out of nothing but a mirror", async () => {
    const locked = lockedFor(lock, architecture);
    const wanted = new Set([...locked.base, "zstd"]);
    const small = { ...locked, packages: locked.packages.filter(({ name }) => wanted.has(name)) };
    const titles = new Set<string>();
    const onProgress = ({ title }: ToolsProgress) => void titles.add(title);
    const image = await buildTools(engine, recipe, architecture, small, context({ onProgress }));
    try {
      expect(await run(image.id, "zstd", "--version")).not.toEqual([]);
      expect(await findTools(engine, image.labels["caisson.tools.key"] ?? "")).toMatchObject({ id: image.id });
      expect([...titles].slice(0, 3)).toEqual([
        "Fetching the packages of the tools image",
        "Installing the base system of the tools image",
        "Installing the tools",
      ]);
    } finally {
      await engine.removeImage(image.id);
      await engine.removeImage(await ensureBase(engine, recipe, small, context()));
    }
  });

  test("solves a lock for another architecture from the archive's signed index", async () => {
    const real = await readRecipe();
    const other = architecture === "amd64" ? "arm64" : "amd64";
    const made = await makeLock(engine, real, { native: architecture, architectures: [other] }, context());
    const { packages, base } = lockedFor(made, other);
    const names = packages.map(({ name }) => name);
    const listed = recipeList(real).filter(
      (item) => item.architectures.length === 0 || item.architectures.includes(other),
    );
    expect(names).toEqual(expect.arrayContaining([...base, ...listed.map(({ name }) => name)]));
    expect(packages.every(({ filename }) => filename.endsWith(`_${other}.deb`) || filename.endsWith("_all.deb"))).toBe(
      true,
    );
  });
});
