import { expect, test } from "vitest";
import { createCatchUp, type Changed } from "./catch-up.ts";

function setup() {
  const rounds: { changed: Changed; done: (error?: Error) => void }[] = [];
  const tell = createCatchUp((changed) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    rounds.push({ changed, done: (error) => (error === undefined ? resolve() : reject(error)) });
    return promise;
  });
  return { rounds, tell };
}

test("What changes while something is read is read together in one further round", async () => {
  const { rounds, tell } = setup();
  tell({ paths: ["a"] });
  expect(rounds.map(({ changed }) => changed)).toEqual([{ all: false, git: false, paths: new Set(["a"]) }]);
  tell({ paths: ["b", "c"] });
  tell({ git: true });
  tell({ paths: ["c"] });
  expect(rounds).toHaveLength(1);
  rounds[0]?.done();
  await expect.poll(() => rounds.length).toBe(2);
  expect(rounds[1]?.changed).toEqual({ all: false, git: true, paths: new Set(["b", "c"]) });
});

test("A round that fails does not end the reading", async () => {
  const { rounds, tell } = setup();
  tell({ paths: ["a"] });
  tell({ resync: true });
  rounds[0]?.done(new Error("unreachable"));
  await expect.poll(() => rounds[1]?.changed.all).toBe(true);
  rounds[1]?.done();
  await Promise.resolve();
  await Promise.resolve();
  tell({ git: true });
  await expect.poll(() => rounds[2]?.changed.git).toBe(true);
});
