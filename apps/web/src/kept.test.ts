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
