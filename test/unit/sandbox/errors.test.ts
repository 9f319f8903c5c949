import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { BuildError, quote, ToolError } from "../../../sandbox/errors.ts";

test.each<[string[], string]>([
  [["tar", "--file=-", "a/b.c", "x:y,z+1@%"], "tar --file=- a/b.c x:y,z+1@%"],
  [["echo", "two words"], "echo 'two words'"],
  [["echo", ""], "echo ''"],
  [["echo", "it's"], "echo 'it'\\''s'"],
  [["sh", "-c", "a $b; `c` | d > e"], "sh -c 'a $b; `c` | d > e'"],
  [["echo", "~", "*", "a\nb", "ä"], "echo '~' '*' 'a\nb' 'ä'"],
])("%j", (argv, line) => {
  expect(quote(argv)).toBe(line);
});

test("a shell reads back the same arguments", () => {
  const words = ["", " ", "'", "''", '"', "\\", "$HOME", "`id`", "a\nb", "*", "~", "#x", "!!", "a=b", "é"];
  const line = quote(["printf", "%s\\0", ...words]);
  expect(execFileSync("sh", ["-c", line], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(words);
});

test("an error without more fails the build", () => {
  const error = new BuildError("mount-failed", "cannot mount");
  expect({ ...error }).toEqual({
    name: "BuildError",
    code: "mount-failed",
    hint: undefined,
    exitCode: 1,
    command: undefined,
    tail: [],
  });
});

test("a tool's error keeps more of its output than it shows", () => {
  const output = Array.from({ length: 25 }, (_, line) => String(line));
  const error = new ToolError(["dpkg", "--configure"], undefined, "was ended by SIGKILL", output);
  expect(error).toBeInstanceOf(BuildError);
  expect(error).toMatchObject({ message: "dpkg was ended by SIGKILL", toolExitCode: undefined, output });
  expect(error.tail).toEqual(output.slice(5));
});
