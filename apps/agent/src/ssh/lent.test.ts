import { expect, test } from "vitest";
import { createLentAgents } from "./lent.ts";

test("whoever lends an agent is told once, by as many connections as he likes, until the last is gone", () => {
  const lent = createLentAgents();
  expect(lent.of("ws-1")).toEqual([]);
  const [first, second, other] = [lent.add("ws-1", "ada"), lent.add("ws-1", "ada"), lent.add("ws-1", "bob")];
  expect(lent.of("ws-1")).toEqual(["ada", "bob"]);
  expect(lent.of("ws-1")).toBe(lent.of("ws-1"));
  expect(lent.of("ws-2")).toEqual([]);
  first?.();
  first?.();
  expect(lent.of("ws-1")).toEqual(["ada", "bob"]);
  second?.();
  expect(lent.of("ws-1")).toEqual(["bob"]);
  other?.();
  expect(lent.of("ws-1")).toEqual([]);
});
