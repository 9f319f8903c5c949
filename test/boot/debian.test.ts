import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { remove, succeed } from "../support/caisson.ts";
import { boot } from "../support/guest.ts";

/** A credential, without which example-poweroff.service does not run. */
const POWER_OFF = ["-smbios", "type=11,value=io.systemd.credential:example.poweroff=yes"];

let folder: string;
let disk: string;
/** Before the guest has written to it. */
let built: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-boot-"));
  await cp("examples/debian", folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith("mkosi.output"),
  });
  const { events } = await succeed(folder, ["-f", "build"]);
  const output = events.find((event) => event.type === "output" && event.image === "main");
  disk = output?.type === "output" ? output.file : "";
  built = await hash();
});
afterAll(() => remove(folder));

test("the example boots to multi-user.target and powers off", async () => {
  const { console, end } = await boot(folder, { qemu: POWER_OFF });
  const said = console.split("\n").filter((line) => line.includes("example: "));
  expect(said, end).toHaveLength(2);
  expect(said[0]).toMatch(
    /example: Debian GNU\/Linux 13 \(trixie\), Linux \S+, host caisson-example, root \/dev\/\S+ +ext4/,
  );
  expect(said[1]).toMatch(/example: active multi-user.target after \d+ s/);
  expect(console).toMatch(/reboot: Power down/);
});

test("built again from nothing, the bootable disk has the same bytes", async () => {
  await succeed(folder, ["-ff", "build"]);
  expect(await hash()).toBe(built);
});

async function hash(): Promise<string> {
  return createHash("sha256")
    .update(await readFile(join(folder, disk)))
    .digest("hex");
}
