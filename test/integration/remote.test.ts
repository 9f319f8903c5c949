import { spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { expect, test } from "vitest";
import { fileHash } from "../../sandbox/tree/hash.ts";
import { caisson, names, project, remove, succeed } from "../support/caisson.ts";

/** Stands in for an engine on another machine: one that is reached over TCP, and so sees no file of ours. */
async function overTcp(use: (address: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const address = `tcp://127.0.0.1:${port}`;
  const service = spawn("podman", ["system", "service", "--time=0", address], { stdio: "ignore" });
  try {
    await answering(`http://127.0.0.1:${port}/_ping`);
    await use(address);
  } finally {
    service.kill("SIGTERM");
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const { port } = server.address() as AddressInfo;
  await new Promise((settle) => server.close(settle));
  return port;
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await delay(100);
  }
  throw new Error(`nothing answers at ${url}`);
}

test("an engine on another machine gets the sources, and gives the same bytes back", async (context) => {
  const podman = await execa("podman", ["--version"], { reject: false });
  if (podman.exitCode !== 0) context.skip("needs podman");
  if (process.getuid?.() === 0) context.skip("only this client knows which limits a confined root cannot raise");
  const folder = await project({
    "mkosi.conf":
      "[Distribution]\nDistribution=debian\nRelease=trixie\n[Output]\nFormat=tar\n[Content]\nPackages=apt\n",
    "mkosi.extra/etc/remote": "from here\n",
  });
  const image = join(folder, "image.tar.zst");
  try {
    await succeed(folder, ["build"]);
    const local = await fileHash(image);
    await overTcp(async (address) => {
      const engine = ["--engine", address];
      await succeed(folder, [...engine, "-f", "build"]);
      expect(await fileHash(image)).toBe(local);
      expect(await names(folder)).toEqual(["image", "image.tar.zst", "mkosi.conf", "mkosi.extra"]);
      const directory = await caisson(folder, [...engine, "--format=directory", "-f", "build"]);
      expect(directory.error?.message).toBe(
        "Format=directory cannot come from an engine on another machine: its files would lose their owners",
      );
      await succeed(folder, [...engine, "clean"]);
      expect(await names(folder)).toEqual(["mkosi.conf", "mkosi.extra"]);
    });
  } finally {
    await remove(folder);
  }
});
