import { expect, test } from "vitest";
import { createSeen, SEEN_KEY } from "./seen.ts";

function storageOf(text?: string) {
  const kept = new Map(text === undefined ? [] : [[SEEN_KEY, text]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

test("What was looked at stays so, also in the next page and in another tab", () => {
  const storage = storageOf();
  const [here, there] = [createSeen(storage, () => 5), createSeen(storage, () => 9)];
  here.add(["a", "b"]);
  there.adopt();
  expect([here.since, there.since, there.has("a"), there.has("c")]).toEqual([5, 5, true, false]);
  expect(createSeen(storage, () => 99).has("b")).toBe(true);
});

test("Whoever listens hears of what is new, once", () => {
  const seen = createSeen(storageOf(), () => 1);
  let told = 0;
  seen.subscribe(() => (told += 1));
  seen.add(["a"]);
  seen.add(["a"]);
  expect([told, seen.version()]).toEqual([1, 1]);
});

test.each(["", "{", "null", '{"since":"1","keys":[]}', '{"since":1,"keys":{}}'])(
  "A storage that holds something else is begun anew: %j",
  (text) => {
    const seen = createSeen(storageOf(text), () => 7);
    expect([seen.since, seen.has("a")]).toEqual([7, false]);
  },
);

test("Only the newest thousand are kept, and a full storage is no failure", () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error("full");
    },
  };
  const seen = createSeen(full, () => 1);
  for (let at = 0; at < 1_200; at += 1) seen.add([`key-${at}`]);
  expect([seen.has("key-100"), seen.has("key-1199")]).toEqual([false, true]);
});
