import { spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";

/** Lets go of a lock. */
export type Release = () => Promise<void>;

/**
 * Takes flock(2)'s lock on a file, which all containers on the volume's kernel see. A child holds it as long as its
 * input is open: the lock ends with this process, however that ends.
 */
export async function hold(path: string): Promise<Release> {
  const child = spawn("flock", ["--exclusive", path, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await Promise.race([once(child.stdout, "data"), ended.then(([code]) => Promise.reject(notHeld(path, code)))]);
  return async () => {
    child.stdin.end();
    await ended;
  };
}

function notHeld(path: string, code: unknown): Error {
  return new Error(`flock ${path} ended with exit code ${code}`);
}

/** Runs a command under the lock; false where somebody else holds it. */
export async function ifFree(path: string, command: string[]): Promise<boolean> {
  const { exitCode } = await execa("flock", ["--nonblock", "--conflict-exit-code", "75", path, ...command], {
    reject: false,
    stdio: "inherit",
  });
  if (exitCode !== 0 && exitCode !== 75)
    throw new Error(`flock ${path} ${command[0]} ended with exit code ${exitCode}`);
  return exitCode === 0;
}
