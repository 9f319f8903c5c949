import { expect, it } from "vitest";
import { dependencies } from "../../../src/verbs/dependencies.ts";
import { verbContext } from "./context.ts";

const packages = async (...argv: string[]) => (await dependencies(verbContext(...argv))).data as string[];

it("lists the packages of the tools tree, in order", async () => {
  const { text, data } = await dependencies(verbContext("-d", "debian", "dependencies"));
  expect(text?.trimEnd().split("\n")).toEqual(data);
  expect(data).toEqual([...(data as string[])].sort());
  expect(data).toEqual(expect.arrayContaining(["apt", "mtools", "systemd-boot"]));
});

it("lists those of profiles as well", async () => {
  const plain = await packages("dependencies", "--", "--distribution=fedora");
  const more = await packages("dependencies", "--", "--distribution=fedora", "--profile=devel");
  expect(plain).toContain("dnf5");
  expect(more).toEqual(expect.arrayContaining(plain));
  expect(more.length).toBeGreaterThan(plain.length);
});

it("takes options alone", async () => {
  await expect(packages("dependencies", "--", "summary")).rejects.toMatchObject({
    code: "unexpected-argument",
    message: "dependencies takes options alone after '--'",
  });
});
