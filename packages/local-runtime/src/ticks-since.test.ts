import { expect, test } from "vitest";
import type { ProcessEntry } from "./processes.ts";
import { ticksSince } from "./ticks-since.ts";

const FIRST = 10;

function entry(pid: number, parent: number, own: number, waited = 0, startTime = "1"): ProcessEntry {
  return { pid, parent, group: pid, session: pid, onTerminal: false, startTime, ticks: { own, waited }, threads: 1 };
}

test("time counts from the list before; what began since counts whole, under a number of one that has ended too", () => {
  const before = [entry(FIRST, 1, 3), entry(20, FIRST, 100), entry(21, FIRST, 500)];
  expect(ticksSince(before, [entry(FIRST, 1, 4), entry(20, FIRST, 150), entry(21, FIRST, 7, 0, "2")], FIRST)).toBe(58);
});

test("what ended counts once, in the one that waited for it, and as nothing until that has", () => {
  const before = [entry(20, 1, 10), entry(21, 20, 40)];
  // 21 went on to 60, and 22 came and went between.
  expect(ticksSince(before, [entry(20, 1, 12, 60 + 5)], FIRST)).toBe(2 + 20 + 5);
  expect(ticksSince(before, [entry(20, 1, 12), entry(21, 20, 60)], FIRST)).toBe(22);
});

test("one that ended with nobody of the place to wait for it takes nothing away from the others", () => {
  const before = [entry(20, 1, 10), entry(30, 1, 9_000), entry(31, 30, 5_000)];
  expect(ticksSince(before, [entry(20, 1, 25)], FIRST)).toBe(15);
});

test("the first process is not charged with what others left to it", () => {
  const before = [entry(FIRST, 1, 1), entry(20, FIRST, 9_000)];
  expect(ticksSince(before, [entry(FIRST, 1, 2, 9_050)], FIRST)).toBe(1);
});

test("one that leaves those it began to nobody makes no time go back", () => {
  expect(ticksSince([entry(20, 1, 10), entry(21, 20, 400)], [entry(20, 1, 11)], FIRST)).toBe(0);
});
