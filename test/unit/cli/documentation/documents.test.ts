import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { manPage } from "../../../../src/cli/documentation/man.ts";
import { configSchema } from "../../../../src/cli/documentation/schema.ts";
import { loadConfig } from "../../../../src/config/index.ts";
import { summaryJson } from "../../../../src/config/json.ts";
import { settings } from "../../../../src/config/settings/index.ts";

describe.skipIf(spawnSync("man", ["--version"]).error !== undefined)("the manual page", () => {
  it("gives man(1) nothing to warn of", () => {
    const args = ["--warnings", "--local-file", "-"];
    const env = { ...process.env, MANPAGER: "cat", MANWIDTH: "80", LC_ALL: "C.UTF-8" };
    const { stdout, stderr, status } = spawnSync("man", args, { input: manPage(settings), encoding: "utf8", env });
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toContain("-t, --format=FORMAT");
  });
});

describe("the schema", () => {
  const schema = z.fromJSONSchema(configSchema(settings) as Parameters<typeof z.fromJSONSchema>[0]);

  const summary = async (...values: [name: string, value: string][]) => {
    const given = values.map(([name, value]) => ({ name, value, source: "command line", raw: name }) as const);
    const project = await loadConfig({ directory: "", arguments: given, environment: {} });
    return JSON.parse(JSON.stringify(summaryJson(project))) as { Images: Record<string, unknown>[] };
  };

  it("fits what summary prints", async () => {
    const document = await summary(
      ["ToolsTree", "default"],
      ["Engine", "podman"],
      ["RootPassword", "hashed:x"],
      ["ExtraTrees", "/etc:/x"],
      ["Credentials", "a=b"],
      ["Drives", "a:1G"],
      ["Hostname", ""],
    );
    expect(schema.safeParse(document).error).toBeUndefined();
  });

  it.each([
    ["Format", "flopy"],
    ["Packages", "a"],
    ["Flavour", "plain"],
    ["RAM", null],
  ])("does not fit %s: %j", async (name, value) => {
    const document = await summary();
    Object.assign(document.Images[0] ?? {}, { [name]: value });
    expect(schema.safeParse(document).success).toBe(false);
  });
});
