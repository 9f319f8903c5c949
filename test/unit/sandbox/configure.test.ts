import { expect, test } from "vitest";
import { readSettings, runOptions } from "../../../sandbox/configure.ts";
import { BuildError } from "../../../sandbox/errors.ts";
import { SRCDIR, WORK_PATH } from "../../../sandbox/protocol.ts";

const script = { source: "main-configure-1", file: "mkosi.configure" };

test("a script sees its sources read-only, outer ones first, and gets the settings", () => {
  const sources = [
    { source: "main-source-1", target: "a/b" },
    { source: "main-source-2", target: "/" },
  ];
  const image = { name: "main", settings: {}, environment: { RELEASE: "trixie" }, sources, scripts: [script] };
  expect(runOptions(script, image, { Hostname: "h" })).toEqual({
    binds: [
      { source: "/caisson/sources/main-configure-1", target: `${WORK_PATH}/configure`, readOnly: true },
      { source: "/caisson/sources/main-source-2", target: SRCDIR, readOnly: true },
      { source: "/caisson/sources/main-source-1", target: `${SRCDIR}/a/b`, readOnly: true },
    ],
    folders: [SRCDIR],
    workingDirectory: SRCDIR,
    environment: { RELEASE: "trixie" },
    input: '{"Hostname":"h"}\n',
    stdout: "capture",
  });
});

test("a script prints settings", () => {
  expect(readSettings('{"Hostname": "h"}\n', script)).toEqual({ Hostname: "h" });
});

const long = "x".repeat(300);
test.each<[printed: string, message: string | RegExp, tail: string[]]>([
  ["", "mkosi.configure: the configure script printed nothing, where JSON is expected", []],
  ["\n", "mkosi.configure: the configure script printed nothing, where JSON is expected", []],
  ["[1]\n", "mkosi.configure: the configure script printed JSON that is no object", ["[1]"]],
  ["null", "mkosi.configure: the configure script printed JSON that is no object", ["null"]],
  [`a\n${long}`, /^mkosi\.configure: the configure script printed no JSON: [^\n]+$/, ["a", "x".repeat(200)]],
])("what %j is", (printed, message, tail) => {
  const failure = thrownBy(() => readSettings(printed, script));
  expect(failure).toMatchObject({ code: "configure-failed", exitCode: 2, tail });
  expect(failure.message).toMatch(message instanceof RegExp ? message : new RegExp(`^${message}$`));
});

function thrownBy(action: () => unknown): BuildError {
  try {
    action();
  } catch (error) {
    if (error instanceof BuildError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
