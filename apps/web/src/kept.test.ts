import { expect, test } from "vitest";
import { createKept } from "./kept.ts";

test("What was begun is kept by its place until it is forgotten, and who shows it is told", () => {
  const kept = createKept();
  let told = 0;
  const leave = kept.subscribe(() => (told += 1));
  kept.set("commit a", "Say it");
  kept.set("commit b", "Other");
  kept.set("commit a", undefined);
  expect([kept.get("commit a"), kept.get("commit b"), told]).toEqual([undefined, "Other", 3]);
  kept.clear();
  expect([kept.get("commit b"), told]).toEqual([undefined, 4]);
  leave();
  kept.set("commit a", "Again");
  expect(told).toBe(4);
});

test("What is work is counted for as long as it would be lost", () => {
  const kept = createKept();
  kept.set("span", "1h");
  kept.set("commit a", "Say it", true);
  kept.set("script b", "#!/bin/sh", true);
  expect(kept.works()).toBe(2);
  kept.set("commit a", "Saved", false);
  kept.set("script b", undefined, true);
  expect(kept.works()).toBe(0);
  kept.set("commit a", "Again", true);
  kept.clear();
  expect(kept.works()).toBe(0);
});
