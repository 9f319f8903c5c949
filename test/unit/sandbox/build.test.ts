import { expect, test } from "vitest";
import { deriveSeed } from "../../../sandbox/build.ts";
import type { AptRepository, ImagePlan } from "../../../sandbox/protocol.ts";

const repository: AptRepository = {
  types: ["deb"],
  uri: "http://ftp.debian.org/debian",
  suites: ["trixie"],
  components: ["main"],
  trusted: false,
};

/** Any plan will do: what it says goes into the seed as a whole. */
const plan = { name: "main", release: "trixie", packages: ["bash"], repositories: [repository] } as ImagePlan;

test("is a UUID of version 8 (RFC 9562)", () => {
  for (let count = 0; count < 50; count++)
    expect(deriveSeed({ ...plan, imageVersion: String(count) })).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
});

test("is the same for the same plan, whatever the order of its fields", () => {
  const { name, ...rest } = plan;
  expect(deriveSeed({ ...rest, name })).toBe(deriveSeed(plan));
});

test("does not depend on where packages come from", () => {
  const elsewhere = { ...plan, repositories: [{ ...repository, uri: "http://ftp.debian.org/debian" }] };
  expect(deriveSeed(elsewhere)).toBe(deriveSeed(plan));
});

test("does not depend on what is delivered beside the output", () => {
  expect(deriveSeed({ ...plan, splitArtifacts: ["kernel"] })).toBe(deriveSeed(plan));
});

test.each([{ packages: ["zsh"] }, { release: "forky" }, { hostname: "box" }])("changes with %j", (change) => {
  expect(deriveSeed({ ...plan, ...change })).not.toBe(deriveSeed(plan));
});
