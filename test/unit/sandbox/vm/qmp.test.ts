import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { watchShutdown } from "../../../../sandbox/vm/qmp.ts";

const listener = "require('net').createServer().listen(process.argv[1], () => console.log('ready'))";

test("QEMU that ends between listening and answering gave no reason", async () => {
  const folder = await mkdtemp(join(tmpdir(), "caisson-qmp-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const socket = join(folder, "qmp");
  const qemu = spawn(process.execPath, ["-e", listener, socket], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(qemu, "exit");
  await once(qemu.stdout, "data");
  // It does not accept what is waiting.
  qemu.kill("SIGSTOP");
  const watched = watchShutdown(socket, ended);
  qemu.kill("SIGKILL");
  // Nothing of this process runs meanwhile, so that it is gone when the connection is looked at.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  expect(await watched).toBeUndefined();
});
