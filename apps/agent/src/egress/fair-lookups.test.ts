import type { LookupAddress } from "node:dns";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { fairLookups } from "./fair-lookups.ts";

const FOUND: LookupAddress[] = [{ address: "93.184.215.14", family: 4 }];

function subject() {
  const asked: string[] = [];
  const answers = new Map<string, () => void>();
  const clock = createManualClock();
  const find = fairLookups({
    lookup: (host) => {
      asked.push(host);
      return new Promise((resolve) => answers.set(host, () => resolve(FOUND)));
    },
    clock,
  });
  return { asked, clock, find, answer: (host: string) => answers.get(host)?.() };
}

test("Look-ups never take more than two of the worker's threads, and a workspace asks for a name once at a time (row 50)", async () => {
  const { asked, find, answer } = subject();
  const all = ["one", "two", "three"].flatMap((workspace) => [find("a", workspace), find("a", workspace)]);
  expect(asked).toEqual(["a", "a"]);
  answer("a");
  await expect.poll(() => asked).toEqual(["a", "a", "a"]);
  expect(all[0]).toBe(all[1]);
});

test("A workspace whose names are slow to be found holds up nobody else (row 50)", async () => {
  const { asked, find, answer } = subject();
  const slow = Array.from({ length: 50 }, (_, each) => find(`${each}.slow.test`, "bad"));
  for (const name of ["a", "b", "c"]) {
    const found = find(name, "good");
    expect(asked).toContain(name);
    answer(name);
    await expect(found).resolves.toEqual(FOUND);
  }
  expect(asked).toEqual(["0.slow.test", "a", "b", "c"]);
  void Promise.allSettled(slow);
});

test("Those who wait take turns, whoever asked for more", async () => {
  const { asked, find, answer } = subject();
  void Promise.allSettled([find("a1", "a"), find("b1", "b"), find("a2", "a"), find("a3", "a"), find("c1", "c")]);
  answer("b1");
  await expect.poll(() => asked).toEqual(["a1", "b1", "c1"]);
  answer("c1");
  answer("a1");
  await expect.poll(() => asked).toEqual(["a1", "b1", "c1", "a2"]);
});

test("One that takes longer than eight seconds is refused, and what waited behind it takes no thread any more", async () => {
  const { asked, clock, find, answer } = subject();
  const late = Promise.allSettled([find("slow", "bad"), find("behind", "bad")]);
  clock.advance(8_000);
  const refused = { status: "rejected", reason: expect.objectContaining({ code: "timeout" }) as Error };
  expect(await late).toEqual([refused, refused]);
  const next = find("next", "bad");
  expect(asked).toEqual(["slow"]);
  answer("slow");
  await expect.poll(() => asked).toEqual(["slow", "next"]);
  answer("next");
  expect(await next).toEqual(FOUND);
});

test("A look-up that fails at once, or throws, is told once and tried again the next time", async () => {
  let tries = 0;
  const find = fairLookups({
    lookup: () => {
      tries += 1;
      if (tries === 1) throw new TypeError("no name");
      return tries === 2 ? Promise.reject(new Error("not found")) : Promise.resolve(FOUND);
    },
    clock: createManualClock(),
  });
  await expect(find("a", "one")).rejects.toThrow("no name");
  await expect(find("a", "one")).rejects.toThrow("not found");
  expect(await find("a", "one")).toEqual(FOUND);
});
