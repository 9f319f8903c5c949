import { expect, test } from "vitest";
import { makeShare } from "../../../sandbox/context.ts";

test("work of one key is done once, and given to all who ask", async () => {
  const share = makeShare();
  let count = 0;
  const work = async () => ++count;
  const asked = [share("a", work), share("a", work)];
  expect(await Promise.all([...asked, share("a", work)])).toEqual([1, 1, 1]);
  expect(count).toBe(1);
});

test("work of another key is other work", async () => {
  const share = makeShare();
  expect(await Promise.all([share("a", async () => 1), share("b", async () => 2)])).toEqual([1, 2]);
});

test("a failure is everyone's", async () => {
  const share = makeShare();
  const fail = () => Promise.reject(new Error("no network"));
  await expect(share("a", fail)).rejects.toThrow("no network");
  await expect(share("a", async () => "fine")).rejects.toThrow("no network");
});

test("two builds share nothing", async () => {
  await makeShare()("a", async () => 1);
  expect(await makeShare()("a", async () => 2)).toBe(2);
});
