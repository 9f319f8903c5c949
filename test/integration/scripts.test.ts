import { chmod, mkdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OUTPUT_PATH, SOURCES_PATH, STORE_PATH, WORK_PATH } from "../../sandbox/protocol.ts";
import { addFiles, caisson, cli, names, type Outcome, project, remove, succeed } from "../support/caisson.ts";
import { readTar } from "../support/tar.ts";

const distribution = ["[Distribution]", "Distribution=debian", "Release=trixie"];
const output = ["[Output]", "Format=tar", "CompressOutput=no", "OutputDirectory=out", "ImageId=scripted"];
const conf = (...lines: string[]) => `${[...distribution, ...output, ...lines].join("\n")}\n`;

async function addScripts(folder: string, scripts: Record<string, string>): Promise<void> {
  await addFiles(folder, scripts);
  for (const name of Object.keys(scripts)) await chmod(join(folder, name), 0o755);
}

/** Layers that were built, and not found. */
function built({ events }: Outcome): string[] {
  return events.flatMap((event) => (event.type === "layer" && !event.cached ? [event.layer] : []));
}

function titles({ events }: Outcome, start: string): string[] {
  return events.flatMap((event) => (event.type === "step" && event.title.startsWith(start) ? [event.title] : []));
}

/** Variables of `env`, without those that are the sandbox's alone. */
function variables(text: string | undefined): Record<string, string> {
  const own = ["PWD", "SHLVL", "_", "OLDPWD", "LANG", "LC_ALL", "TZ", "TERM", "TMPDIR", "SYSTEMD_OFFLINE"];
  const lines = (text ?? "").split("\n").filter((line) => line !== "");
  const pairs = lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
  return Object.fromEntries(pairs.filter(([name]) => !own.includes(name) && !name.startsWith("GIT_CONFIG_")));
}

describe("one image with scripts of every kind", () => {
  let folder: string;
  let first: Outcome;
  let tar: Awaited<ReturnType<typeof readTar>>;
  const text = (path: string) => tar.get(path)?.text;
  const build = (...args: string[]) => succeed(folder, ["--explain", "--force", ...args, "build", "--", "one", "two"]);

  beforeAll(async () => {
    folder = await project({
      "mkosi.conf": conf(
        "[Content]",
        "BuildPackages=hello",
        "[Build]",
        "BuildSources=src",
        "BuildDirectory=kept",
        "Environment=MINE=yes",
        "EnvironmentFiles=more.env",
      ),
      "more.env": "FROM_FILE=file\nMINE=no\n",
      "src/source": "source\n",
    });
    await addScripts(folder, {
      "mkosi.sync": `#!/bin/sh
set -e
env | grep -v ^CACHED= > synced.env
test "$CACHED" = 0 || test "$CACHED" = 1
test "$*" = final
test "$(cat "$MKOSI_CONFIG" | jq -r .ImageId)" = scripted
`,
      "mkosi.prepare": `#!/bin/sh
set -e
mkdir -p "$BUILDROOT/seen"
env > "$BUILDROOT/seen/prepare.$1"
if test "$1" = build; then
  test -x "$BUILDROOT/usr/bin/hello"
  exit 0
fi
! test -e "$BUILDROOT/usr/bin/hello"
mkosi-install hostname
dpkg-query --show --showformat '\${db:Status-Status}\\n' hostname > "$BUILDROOT/seen/hostname"
apt-cache policy hello | grep Candidate > "$BUILDROOT/seen/policy"
mkosi-chroot hostname > "$BUILDROOT/seen/chroot"
mkosi-chroot sh -c 'env > /seen/chroot.env; pwd > /seen/chroot.pwd; cat source >> /seen/chroot.pwd'
useradd --create-home somebody
groupadd some
git -C "$SRCDIR" rev-parse 2>&1 | grep -q "not a git repository"
`,
      "mkosi.build.d/1.chroot": `#!/bin/sh
set -e
mkdir -p "$DESTDIR/usr/bin" "$DESTDIR/seen" "$DESTDIR/lib/made"
env > "$DESTDIR/seen/build"
echo "$@" > "$DESTDIR/seen/arguments"
hello > "$DESTDIR/usr/bin/made"
chown 7:8 "$DESTDIR/usr/bin/made"
cp source "$DESTDIR/lib/made"
echo artifact > "$ARTIFACTDIR/local.a"
date >> "$BUILDDIR/runs"
`,
      "mkosi.build.d/2": `#!/bin/sh
set -e
test -e "$BUILDROOT/usr/bin/hello"
test "$SCRIPT" = "$0"
test "$WITH_NETWORK" = 0
test "$(wc -l < /proc/net/dev)" = 3
mkosi-chroot "$CHROOT_SCRIPT.none" 2>/dev/null || echo failed > "$DESTDIR/seen/second"
`,
      "mkosi.postinst": `#!/bin/bash
set -e
env > "$BUILDROOT/seen/postinst"
cat "$BUILDROOT/usr/lib/made/source" "$ARTIFACTDIR/local.a" "$BUILDROOT/etc/extra" > "$BUILDROOT/seen/all"
! touch "$BUILDDIR/new" 2> "$BUILDROOT/seen/read-only"
! touch /etc/new 2>> "$BUILDROOT/seen/read-only"
! touch "$MKOSI_CONFIG" 2>> "$BUILDROOT/seen/read-only"
echo beside > "$OUTPUTDIR/scripted.txt"
`,
      "mkosi.finalize.chroot": `#!/bin/sh
set -e
env > /seen/finalize
test -e /usr/lib/clock-epoch
test -e /usr/bin/hostname
`,
      "mkosi.postoutput": `#!/bin/sh
set -e
env > "$OUTPUTDIR/postoutput.env"
sha256sum < "$OUTPUTDIR/scripted.tar" > "$OUTPUTDIR/scripted.sum"
`,
    });
    await addFiles(folder, { "mkosi.extra/etc/extra": "extra\n" });
    first = await build();
    tar = await readTar(join(folder, "out/scripted.tar"));
  });
  afterAll(() => remove(folder));

  test("they run in mkosi's order", () => {
    expect(titles(first, "Running the ")).toEqual([
      "Running the sync script mkosi.sync",
      "Running the prepare script mkosi.prepare",
      "Running the prepare script mkosi.prepare",
      "Running the build script mkosi.build.d/1.chroot",
      "Running the build script mkosi.build.d/2",
      "Running the postinst script mkosi.postinst",
      "Running the finalize script mkosi.finalize.chroot",
      "Running the postoutput script mkosi.postoutput",
    ]);
  });

  const uid = "0";
  const always = {
    ARCHITECTURE: "x86-64",
    DISTRIBUTION: "debian",
    DISTRIBUTION_ARCHITECTURE: "amd64",
    EFI_ARCHITECTURE: "x64",
    FROM_FILE: "file",
    HOME: "/",
    IMAGE_ID: "scripted",
    MINE: "yes",
    MKOSI_CONFIG: `${WORK_PATH}/config.json`,
    MKOSI_DEBUG: "0",
    MKOSI_GID: uid,
    MKOSI_UID: uid,
    RELEASE: "trixie",
    SOURCE_DATE_EPOCH: expect.stringMatching(/^\d+$/),
    SRCDIR: `${WORK_PATH}/src`,
    SYSTEMD_TMPFILES_FORCE_SUBVOL: "0",
  };
  const outside = { PATH: "/scripts:/usr/bin:/usr/sbin:/usr/local/bin" };
  const inside = { PATH: "/usr/bin:/usr/sbin", container: "mkosi", BUILDROOT: "/" };
  const tree = (script: string) => ({
    ARTIFACTDIR: `${WORK_PATH}/artifacts`,
    BUILDROOT: "/buildroot",
    CHROOT_SCRIPT: `${WORK_PATH}/${script}`,
    CHROOT_SRCDIR: `${WORK_PATH}/src`,
    PACKAGEDIR: `${WORK_PATH}/packages`,
    SCRIPT: `${WORK_PATH}/${script}`,
    WITH_NETWORK: "0",
  });
  const asked = { WITH_DOCS: "1", WITH_TESTS: "1" };
  const destination = { DESTDIR: `${WORK_PATH}/dest`, CHROOT_DESTDIR: `${WORK_PATH}/dest` };
  const directory = { BUILDDIR: `${WORK_PATH}/build` };
  const outputs = { OUTPUTDIR: `${WORK_PATH}/out`, CHROOT_OUTPUTDIR: `${WORK_PATH}/out` };

  test("each kind has its variables", async () => {
    const file = async (name: string) => variables(await readFile(join(folder, name), "utf8"));
    expect(await file("src/synced.env")).toEqual({ ...always, ...outside });
    expect(variables(text("seen/prepare.final"))).toEqual({ ...always, ...tree("prepare"), ...asked, ...outside });
    expect(variables(text("seen/build"))).toEqual({
      ...always,
      ...tree("build-script"),
      ...asked,
      ...destination,
      ...directory,
      CHROOT_BUILDDIR: `${WORK_PATH}/build`,
      ...inside,
    });
    expect(variables(text("seen/postinst"))).toEqual({
      ...always,
      ...tree("postinst"),
      ...directory,
      ...outputs,
      ...outside,
    });
    expect(variables(text("seen/finalize"))).toEqual({
      ...always,
      ...tree("finalize"),
      ...directory,
      ...outputs,
      ...inside,
    });
    expect(await file("out/postoutput.env")).toEqual({ ...always, OUTPUTDIR: `${WORK_PATH}/out`, ...outside });
  });

  test("commands work on the image", () => {
    expect(text("seen/hostname")).toBe("installed\n");
    expect(text("seen/policy")).toMatch(/^ {2}Candidate: \d/);
    expect(text("seen/chroot")).toBe("localhost\n");
    expect(variables(text("seen/chroot.env"))).toMatchObject({ ...inside, HOME: "/" });
    expect(text("seen/chroot.pwd")).toBe(`${WORK_PATH}/src\nsource\n`);
    expect(text("etc/passwd")).toContain("somebody:!:1000:100::/home/somebody:");
    expect(text("etc/group")).toContain("some:x:1000:");
    expect(tar.get("home/somebody")).toMatchObject({ uid: 1000, gid: 100 });
  });

  test("build results are the image's, the tree that they were made in is not", async () => {
    expect(text("seen/arguments")).toBe("one two\n");
    expect(text("seen/second")).toBe("failed\n");
    expect(tar.get("usr/bin/made")).toMatchObject({ uid: 7, gid: 8, text: "Hello, world!\n" });
    // /lib is a link, and stays one.
    expect(text("usr/lib/made/source")).toBe("source\n");
    expect(text("seen/all")).toBe("source\nartifact\nextra\n");
    expect(tar.has("usr/bin/hello")).toBe(false);
    expect(tar.has("seen/prepare.build")).toBe(false);
    expect(tar.has(WORK_PATH.slice(1))).toBe(false);
    expect(text("seen/read-only")?.match(/Read-only file system/g)).toHaveLength(3);
  });

  test("what they leave for the output folder is delivered, and is the caller's", async () => {
    expect(await names(join(folder, "out"))).toEqual([
      "postoutput.env",
      "scripted",
      "scripted.sum",
      "scripted.tar",
      "scripted.txt",
    ]);
    const kept = join(folder, "kept/debian~trixie~x86-64/runs");
    for (const path of [join(folder, "out/scripted.txt"), kept, join(folder, "src/synced.env")])
      expect(await stat(path)).toMatchObject({ uid: process.getuid?.(), gid: process.getgid?.() });
  });

  test("what is not new is not run again, but for sync scripts", async () => {
    const again = await build();
    expect(built(again)).toEqual([]);
    expect(titles(again, "Running the ")).toEqual(["Running the sync script mkosi.sync"]);
  });

  const change = (path: string, edit: (before: string) => string) => async () => {
    const before = await readFile(join(folder, path), "utf8");
    await writeFile(join(folder, path), edit(before));
  };
  const comment = (before: string) => before.replace("set -e\n", "set -e\n# a comment\n");
  test.each<[what: string, edit: () => Promise<void>, args: string[], layers: string[]]>([
    ["a byte of a script", change("mkosi.finalize.chroot", comment), [], ["finalize"]],
    ["a script's mode", () => chmod(join(folder, "mkosi.postinst"), 0o775), [], ["postinst"]],
    [
      "a byte of a script that changes its result",
      change("mkosi.postinst", (before) => `${before}echo more > "$BUILDROOT/seen/more"\n`),
      [],
      ["postinst", "system", "finalize", "output"],
    ],
    [
      "a source, which every script can read",
      change("src/source", () => "other\n"),
      [],
      ["prepare", "build-packages", "build-prepare", "build", "files", "postinst", "system", "finalize", "output"],
    ],
    [
      "a file that is no source",
      async () => {
        await mkdir(join(folder, "out"), { recursive: true });
        await writeFile(join(folder, "kept/file"), "");
      },
      [],
      [],
    ],
  ])("%s", async (_what, edit, args, layers) => {
    await edit();
    expect(built(await build(...args))).toEqual(layers);
  });
});

describe("a script", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await project({ "mkosi.conf": conf() });
  });
  afterEach(() => remove(folder));

  test.each<[name: string, text: string, error: object]>([
    [
      "that fails",
      "#!/bin/sh\necho one >&2; echo two >&2; exit 3\n",
      {
        exitCode: 1,
        code: "script-failed",
        message: "mkosi.sync: the sync script ended with exit code 3",
        tail: ["one", "two"],
      },
    ],
    [
      "that reads its input, which is empty",
      '#!/bin/sh\ncat\nread line || echo "no $line input"\nexit 1\n',
      { code: "script-failed", tail: ["no  input"] },
    ],
    [
      "without an interpreter",
      "echo hello\n",
      {
        code: "script-invalid",
        message: "mkosi.sync: the sync script is no program: it has no line such as #!/bin/sh",
      },
    ],
    [
      "whose interpreter is missing",
      "#!/usr/bin/nonesuch\n",
      {
        code: "script-invalid",
        message: "mkosi.sync: the sync script cannot be started: the tools image has no /usr/bin/nonesuch",
      },
    ],
    [
      "that writes where it may not",
      `#!/bin/sh
touch /etc/new /usr/new /var/new "$0" "$MKOSI_CONFIG"
ls ${STORE_PATH} ${SOURCES_PATH} ${OUTPUT_PATH}
touch /new && exit 4
`,
      {
        tail: [
          ...["/etc/new", "/usr/new", "/var/new", `${WORK_PATH}/sync`, `${WORK_PATH}/config.json`].map(
            (file) => `touch: cannot touch '${file}': Read-only file system`,
          ),
          ...[STORE_PATH, SOURCES_PATH, OUTPUT_PATH].map(
            (path) => `ls: cannot access '${path}': No such file or directory`,
          ),
        ],
        message: "mkosi.sync: the sync script ended with exit code 4",
      },
    ],
  ])("%s", async (_name, text, error) => {
    await addScripts(folder, { "mkosi.sync": text });
    const outcome = await caisson(folder, ["build"]);
    expect(outcome.error).toMatchObject(error);
    expect(outcome.code).toBe(1);
    expect(await names(join(folder, "out"))).toEqual([]);
  });

  test("that is not executable", async () => {
    await addFiles(folder, { "mkosi.postinst": "#!/bin/sh\n" });
    const outcome = await caisson(folder, ["build"]);
    expect(outcome.error).toMatchObject({
      code: "not-executable",
      message: "mkosi.postinst: the postinst script is not executable",
      hint: "chmod +x mkosi.postinst, or set MakeScriptsExecutable=yes in [Build]",
    });
    expect(outcome.code).toBe(2);
  });

  test("of the image, whose interpreter the image does not have", async () => {
    await addScripts(folder, { "mkosi.postinst.chroot": "#!/usr/bin/python3\n" });
    const outcome = await caisson(folder, ["build"]);
    expect(outcome.error).toMatchObject({
      code: "script-invalid",
      message: "mkosi.postinst.chroot: the postinst script cannot be started: the image has no /usr/bin/python3",
    });
  });
});

test("what scripts write goes into the image and the output folder alone", async () => {
  const parent = await project({
    "project/mkosi.conf": conf(
      "[Content]",
      "BaseTrees=base",
      "[Build]",
      "BuildSources=src",
      "BuildSourcesEphemeral=yes",
    ),
    "project/base/usr/lib/os-release": "ID=debian\n",
    "project/mkosi.extra/etc/extra": "extra\n",
    "project/src/source": "source\n",
    victim: "victim\n",
  });
  const folder = join(parent, "project");
  await addScripts(folder, {
    "mkosi.postinst": `#!/bin/sh
set -e
echo changed > "$SRCDIR/source"
echo new > "$SRCDIR/../new"
! test -e "$SRCDIR/../../project"
ln -s / "$BUILDROOT/root"
ln -s ${folder}/../victim "$BUILDROOT/victim"
ln -s ../../victim "$OUTPUTDIR/scripted.link"
`,
    "mkosi.postoutput": `#!/bin/sh
echo changed > "$OUTPUTDIR/scripted.link"
`,
  });
  try {
    await succeed(folder, ["build"]);
    expect(await readFile(join(parent, "victim"), "utf8")).toBe("victim\n");
    expect(await readFile(join(folder, "src/source"), "utf8")).toBe("source\n");
    expect(await names(parent)).toEqual(["project", "victim"]);
    expect(await names(folder)).toEqual([
      "base",
      "mkosi.conf",
      "mkosi.extra",
      "mkosi.postinst",
      "mkosi.postoutput",
      "out",
      "src",
    ]);
    expect(await names(join(folder, "out"))).toEqual(["scripted", "scripted.link", "scripted.tar"]);
    expect(await readlink(join(folder, "out/scripted.link"))).toBe("../../victim");
    const tar = await readTar(join(folder, "out/scripted.tar"));
    expect(tar.get("etc/extra")?.text).toBe("extra\n");
    expect(tar.get("victim")).toMatchObject({ type: "symlink", linkname: `${folder}/../victim` });
  } finally {
    await remove(parent);
  }
});

describe("an image with a build script", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await project({
      "mkosi.conf": conf("[Build]", "BuildSources=src", "BuildDirectory=kept", "Incremental=yes"),
      "src/": "",
    });
    await addScripts(folder, {
      "mkosi.build": `#!/bin/sh
set -e
echo run >> "$BUILDDIR/runs"
mkdir -p "$DESTDIR/etc"
echo made > "$DESTDIR/etc/made"
`,
      "mkosi.clean": `#!/bin/sh
set -e
ls "$OUTPUTDIR" > cleaned
rm -f "$OUTPUTDIR/mine"
`,
    });
  });
  afterAll(() => remove(folder));
  const runs = async () => (await readFile(join(folder, "kept/debian~trixie~x86-64/runs"), "utf8")).trim().split("\n");

  test("is built once before its build scripts can run again", async () => {
    const outcome = await caisson(folder, ["-R", "build"]);
    expect(outcome.error).toMatchObject({
      code: "not-built",
      message: "The image must be built once before --rerun-build-scripts can be used",
    });
    await succeed(folder, ["build"]);
    expect(await runs()).toEqual(["run"]);
    expect(await caisson(folder, ["-R", "-f", "build"])).toMatchObject({
      code: 2,
      error: { code: "force-with-rerun", message: "--force cannot be used together with --rerun-build-scripts" },
    });
  });

  test("-R runs build scripts alone, and writes no output", async () => {
    const before = await stat(join(folder, "out/scripted.tar"));
    const outcome = await succeed(folder, ["-R", "build"]);
    expect(built(outcome)).toEqual(["build"]);
    expect(await runs()).toEqual(["run", "run"]);
    expect(await stat(join(folder, "out/scripted.tar"))).toEqual(before);
  });

  test("-w empties the build directory, and fills it again", async () => {
    const outcome = await succeed(folder, ["-w", "-f", "build"]);
    expect(built(outcome)).toEqual(["build"]);
    expect(await runs()).toEqual(["run"]);
  });

  test("Incremental=strict and -R refuse to install packages", async () => {
    await succeed(folder, ["--incremental=strict", "-f", "build"]);
    // Asked for nowhere else, so that no store has a layer with it.
    for (const option of ["--incremental=strict", "-R"]) {
      const outcome = await caisson(folder, [option, ...(option === "-R" ? [] : ["-f"]), "--package=sl", "build"]);
      expect(outcome.error).toMatchObject({ code: "cache-out-of-date" });
      expect(outcome.error?.message).toMatch(/^the cache of the image main is out of date at its layer packages: /);
    }
  });

  test("clean runs clean scripts once outputs are gone; -f empties the build directory", async () => {
    await addFiles(folder, { "out/mine": "" });
    const outcome = await succeed(folder, ["clean"]);
    expect(titles(outcome, "Running the ")).toEqual(["Running the clean script mkosi.clean"]);
    expect(await readFile(join(folder, "src/cleaned"), "utf8")).toBe("mine\n");
    expect(await names(join(folder, "out"))).toEqual([]);
    expect(await runs()).not.toEqual([]);
    await succeed(folder, ["-w", "clean"]);
    expect(await names(join(folder, "kept/debian~trixie~x86-64"))).toEqual([]);
  });
});

test("--debug-shell opens a shell where a script failed", async () => {
  const folder = await project({ "mkosi.conf": conf() });
  await addScripts(folder, { "mkosi.sync": "#!/bin/sh\nexit 5\n" });
  try {
    const command = [process.execPath, cli, "--debug-shell", "build"].join(" ");
    const child = execa("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      cwd: folder,
      reject: false,
    });
    let seen = "";
    child.stdout.on("data", (chunk) => {
      const before = seen;
      seen += String(chunk);
      const prompt = "# ";
      if (seen.includes("this shell is where it ran") && seen.includes(prompt) && !before.includes(prompt))
        child.stdin.write("echo at-$((40+2)) $PWD $RELEASE; exit\n");
    });
    expect((await child).exitCode).toBe(1);
    expect(seen).toContain(`at-42 ${WORK_PATH}/src trixie`);
    expect(seen).toContain("mkosi.sync: the sync script ended with exit code 5");
  } finally {
    await remove(folder);
  }
});
