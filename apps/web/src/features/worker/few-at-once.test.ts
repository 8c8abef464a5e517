import { expect, test } from "vitest";
import { createFewAtOnce } from "./few-at-once.ts";

const never = new AbortController().signal;

test("No more than so many are asked at once, the next as soon as one has answered or failed", async () => {
  const few = createFewAtOnce(2, 60_000);
  const begun: string[] = [];
  const answers = new Map<string, { resolve: (text: string) => void; reject: (error: Error) => void }>();
  const ask = (name: string) =>
    few(() => {
      begun.push(name);
      return new Promise<string>((resolve, reject) => answers.set(name, { resolve, reject }));
    }, never).catch(() => `${name} failed`);
  const all = ["a", "b", "c", "d"].map(ask);
  await Promise.resolve();
  expect(begun).toEqual(["a", "b"]);
  answers.get("b")?.reject(new Error("no"));
  expect(await all[1]).toBe("b failed");
  expect(begun).toEqual(["a", "b", "c"]);
  answers.get("a")?.resolve("a");
  await all[0];
  expect(begun).toEqual(["a", "b", "c", "d"]);
});

test("One that does not answer is given up, and one that is left before its turn is never asked", async () => {
  const few = createFewAtOnce(1, 5);
  const stuck = few(
    (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    never,
  );
  const leaving = new AbortController();
  let asked = false;
  const left = few(async () => void (asked = true), leaving.signal);
  leaving.abort();
  await expect(stuck).rejects.toMatchObject({ name: "TimeoutError" });
  await expect(left).rejects.toMatchObject({ name: "AbortError" });
  expect(asked).toBe(false);
  expect(await few(async () => "next", never)).toBe("next");
});

test("One that comes just when another has ended does not take the place of who waited for it", async () => {
  const few = createFewAtOnce(1, 60_000);
  const end = Promise.withResolvers<void>();
  let [running, most] = [0, 0];
  const work = async (): Promise<void> => {
    most = Math.max(most, (running += 1));
    await end.promise;
    running -= 1;
  };
  const all = [few(work, never), few(work, never)];
  end.resolve();
  // At every moment from then on, so also between its end and the turn of the next.
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
    all.push(few(work, never));
  }
  await Promise.all(all);
  expect(most).toBe(1);
});
