import { expect, test } from "vitest";
import { createContext } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { printPairs } from "./pairs.ts";

test("what a worker says of itself controls no terminal and makes no row of its own, nor does a hint", () => {
  const io = createFakeIo();
  const context = createContext(io);
  printPairs(context, [["Worker", "desk\u001b]2;owned\u0007\nVersion  9"]]);
  context.hint("desk\u001b[2J: \u202eoffline");
  expect([io.out(), io.err()]).toEqual(["Worker  desk Version  9\n", "desk: offline\n"]);
});
