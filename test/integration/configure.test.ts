import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SRCDIR } from "../../sandbox/protocol.ts";
import { addFiles, caisson, cli, names, project, remove, succeed } from "../support/caisson.ts";
import { readTar } from "../support/tar.ts";

const conf = ["[Distribution]", "Distribution=debian", "Release=trixie", "[Output]", "Format=tar", "CompressOutput=no"];
const files = { "mkosi.conf": `${conf.join("\n")}\n`, "mkosi.extra/etc/motd": "hello\n" };

let folder: string;
beforeEach(async () => {
  folder = await project(files);
});
afterEach(() => remove(folder));

async function addScript(name: string, text: string): Promise<void> {
  await addFiles(folder, { [name]: text });
  await chmod(join(folder, name), 0o755);
}

/** In the languages that the tools image has. */
const python = `#!/usr/bin/python3
import json, os, sys
config = json.load(sys.stdin)
config["Hostname"] = "from-" + os.environ["DISTRIBUTION"]
config["Packages"].append("hostname")
config["ExtraTrees"].append({"Source": "other", "Target": "/etc"})
json.dump(config, sys.stdout)
`;
const shell = `#!/bin/sh
set -e
test "$(cat other/issue)" = issue
! touch other/issue 2>/dev/null
test "$PWD $SRCDIR $ARCHITECTURE" = "${SRCDIR} ${SRCDIR} x86-64"
echo '{"KernelCommandLine": ["quiet"], "Locale": "C.UTF-8"}'
`;

test("scripts set packages, names and trees, one after the other", async () => {
  await addFiles(folder, { "other/issue": "issue\n", "mkosi.extra/etc/motd": "hello\n" });
  await addScript("mkosi.configure", python);
  await addScript("second.sh", shell);
  const outcome = await succeed(folder, ["--configure-script=second.sh", "build"]);
  expect(
    outcome.events
      .flatMap((event) => (event.type === "step" && event.image === "main" ? [event.title] : []))
      .slice(0, 2),
  ).toEqual(["Running the configure script mkosi.configure", "Running the configure script second.sh"]);
  const tar = await readTar(join(folder, "image.tar"));
  const text = (path: string) => tar.get(path)?.text;
  expect(text("etc/hostname")).toBe("from-debian\n");
  expect(text("etc/locale.conf")).toBe("LANG=C.UTF-8\n");
  expect(text("etc/issue")).toBe("issue\n");
  expect(text("etc/motd")).toBe("hello\n");
  expect(tar.has("usr/bin/hostname")).toBe(true);
});

test("verbs that use an image run them for the build alone", async () => {
  await addScript("mkosi.configure", `#!/bin/sh\necho '{"Output": "other", "Hostname": "configured"}'\n`);
  const run = () => execa(process.execPath, [cli, "shell", "--", "cat", "/etc/hostname"], { cwd: folder });
  expect((await run()).stdout).toBe("configured");
  expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.configure", "mkosi.extra", "other", "other.tar"]);
  const again = await run();
  expect(again.stdout).toBe("configured");
  expect(again.stderr).not.toContain("Writing");
});

describe("a script fails", () => {
  test.each<[name: string, text: string, error: object]>([
    [
      "with an exit code",
      "#!/bin/sh\necho one >&2; echo two >&2; exit 3\n",
      {
        code: "configure-failed",
        message: "mkosi.configure: the configure script ended with exit code 3",
        tail: ["one", "two"],
      },
    ],
    [
      "for want of its interpreter",
      "#!/usr/bin/nonesuch\n",
      { code: "configure-failed", message: "mkosi.configure: the configure script ended with exit code 1" },
    ],
    ["with anything but JSON", "#!/bin/sh\necho hello\n", { code: "configure-failed", tail: ["hello"] }],
    [
      "with an unknown setting",
      `#!/bin/sh\necho '{"Hostnam": "x"}'\n`,
      {
        code: "configure-invalid",
        message: "mkosi.configure: printed the unknown setting Hostnam for the image main; did you mean Hostname?",
      },
    ],
    [
      "with a value that cannot be",
      `#!/bin/sh\necho '{"Packages": "vim"}'\n`,
      {
        code: "configure-invalid",
        message: "mkosi.configure: Packages of the image main: Invalid input: expected array, received string",
      },
    ],
    [
      "with what is not built yet",
      `#!/bin/sh\necho '{"ExtraSearchPaths": ["/opt"]}'\n`,
      { code: "not-built-yet", message: "mkosi.configure: ExtraSearchPaths= is read, but not built yet" },
    ],
  ])("%s", async (_name, text, error) => {
    await addScript("mkosi.configure", text);
    const outcome = await caisson(folder, ["build"]);
    expect(outcome.error).toMatchObject({ exitCode: 2, ...error });
    expect(outcome.code).toBe(2);
    expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.configure", "mkosi.extra"]);
  });
});

test("a build with History= and -B is found again by shell", async () => {
  await succeed(folder, ["--history", "-B", "--output-directory=out", "--hostname=kept", "build"]);
  expect(await readFile(join(folder, "mkosi.version"), "utf8")).toBe("1");
  expect(await names(join(folder, "out"))).toEqual(["image_1", "image_1.tar"]);
  const run = await execa(process.execPath, [cli, "shell", "--", "cat", "/etc/hostname"], { cwd: folder });
  expect(run.stdout).toBe("kept");
  expect(run.stderr).not.toContain("Writing");
});
