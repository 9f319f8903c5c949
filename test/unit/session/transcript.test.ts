import { expect, test } from "vitest";
import { transcriptLine } from "../../../src/session/transcript.ts";

test("values that a configure script printed do not get into the log", () => {
  const settings = { RootPassword: ["secret", false], Hostname: "h" };
  expect(transcriptLine({ type: "configured", image: "main", file: "mkosi.configure", settings })).toBe(
    "--- mkosi.configure configured main: 2 settings",
  );
});
