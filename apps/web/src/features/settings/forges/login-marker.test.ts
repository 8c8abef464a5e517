import { expect, test } from "vitest";
import { createLoginMarker } from "./login-marker.ts";

function setup() {
  const kept = new Map<string, string>();
  const time = { now: 1_000_000 };
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return { kept, time, marker: createLoginMarker(storage, () => time.now) };
}

test("A login is gone on with once, and only while the worker still keeps it", () => {
  const { time, kept, marker } = setup();
  expect(marker.take()).toBe(false);
  marker.leave();
  time.now += 30_000;
  expect([marker.take(), marker.take()]).toEqual([true, false]);
  marker.leave();
  time.now += 60_000;
  expect(marker.take()).toBe(false);
  expect(kept.size).toBe(0);
});
