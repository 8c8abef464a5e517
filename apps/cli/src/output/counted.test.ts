import { expect, test } from "vitest";
import { counted } from "./counted.ts";

test("one is one, and everything else several", () => {
  expect([0, 1, 2].map((count) => counted(count, "byte"))).toEqual(["0 bytes", "1 byte", "2 bytes"]);
  expect([1, 3].map((count) => counted(count, "stash", "stashes"))).toEqual(["1 stash", "3 stashes"]);
});
