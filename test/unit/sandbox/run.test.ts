import { expect, test } from "vitest";
import { namespace, type RunOptions } from "../../../sandbox/run.ts";

const ALWAYS = "--die-with-parent --unshare-pid --unshare-ipc --unshare-uts --hostname localhost --cap-add ALL";
const TOOLS = [
  "--ro-bind /usr /usr --ro-bind /etc /etc --ro-bind /var /var",
  "--symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib --symlink usr/lib64 /lib64",
  "--dev /dev --proc /proc --ro-bind /sys /sys --tmpfs /tmp --tmpfs /run",
].join(" ");

const apivfs = (prefix: string) =>
  [
    `--dev ${prefix}/dev --proc ${prefix}/proc --ro-bind /sys ${prefix}/sys`,
    `--tmpfs ${prefix}/run --tmpfs ${prefix}/tmp --tmpfs ${prefix}/var/tmp`,
  ].join(" ");

test.each<[string, RunOptions, string[]]>([
  ["a tool", {}, ["--unshare-net", TOOLS, "--tmpfs /var/tmp", "--chdir /"]],
  ["a tool with network", { network: true }, [TOOLS, "--tmpfs /var/tmp", "--chdir /"]],
  [
    "a tool with an image's tree",
    { root: "/tree" },
    ["--unshare-net", TOOLS, "--tmpfs /var/tmp", "--bind /tree /buildroot", "--chdir /"],
  ],
  [
    "a tool that only reads the tree",
    { root: "/tree", rootReadOnly: true },
    ["--unshare-net", TOOLS, "--tmpfs /var/tmp", "--ro-bind /tree /buildroot", "--chdir /"],
  ],
  [
    "a tool that runs scripts below the tree",
    { root: "/tree", apivfs: true },
    ["--unshare-net", TOOLS, "--tmpfs /var/tmp", "--bind /tree /buildroot", apivfs("/buildroot"), "--chdir /"],
  ],
  [
    "large temporary files, binds and a folder to work in",
    {
      scratch: "/volume/scratch",
      binds: [
        { source: "/a", target: "/x" },
        { source: "/b", target: "/y", readOnly: true },
      ],
      workingDirectory: "/x",
    },
    ["--unshare-net", TOOLS, "--bind /volume/scratch /var/tmp", "--bind /a /x --ro-bind /b /y", "--chdir /x"],
  ],
  [
    "a folder of its own",
    { folders: ["/a/b"], workingDirectory: "/a/b" },
    ["--unshare-net", TOOLS, "--tmpfs /var/tmp", "--dir /a/b --chdir /a/b"],
  ],
  [
    "a program of the tree",
    { root: "/tree", chroot: true },
    ["--unshare-net", "--bind /tree /", apivfs(""), "--chdir /"],
  ],
  [
    "a program of the tree with network, read-only",
    { root: "/tree", rootReadOnly: true, chroot: true, network: true },
    ["--ro-bind /tree /", apivfs(""), "--ro-bind /etc/resolv.conf /etc/resolv.conf", "--chdir /"],
  ],
])("%s", (_title, options, words) => {
  expect(namespace(options).join(" ")).toBe([ALWAYS, ...words].join(" "));
});

test("nothing of the caller is split into words", () => {
  const binds = [{ source: "/a b", target: "/c d" }];
  expect(namespace({ binds })).toEqual(expect.arrayContaining(["--bind", "/a b", "/c d"]));
});

test("a program of the tree needs a tree", () => {
  expect(() => namespace({ chroot: true })).toThrow("chroot needs a root");
});
