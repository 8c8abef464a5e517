import { expect, test } from "vitest";
import { every, medianAtLeast, medianAtMost, p95AtMost, p95WithinPeerPlus, ratioAtLeast, ratioAtMost } from "./bars.ts";

const ours = { p50: 6, p95: 9, n: 20 };
const peer = { p50: 60, p95: 8, n: 20 };

test("a ratio holds at its limit and not beyond it", () => {
  expect(ratioAtMost(0.1).holds({ ours, peer, ratio: 0.1 })).toBe(true);
  expect(ratioAtMost(0.1).holds({ ours, peer, ratio: 0.101 })).toBe(false);
  expect(ratioAtLeast(1).holds({ ours, peer, ratio: 1 })).toBe(true);
  expect(ratioAtLeast(1).holds({ ours, peer, ratio: 0.99 })).toBe(false);
});

test("a bar against a peer does not hold where there is no peer", () => {
  expect(ratioAtMost(2).holds({ ours })).toBe(false);
  expect(ratioAtLeast(0).holds({ ours })).toBe(false);
  expect(p95WithinPeerPlus(1_000, "ms").holds({ ours })).toBe(false);
});

test("absolute bars look at our own figures only", () => {
  expect(medianAtMost(6, "ms").holds({ ours })).toBe(true);
  expect(medianAtMost(5.9, "ms").holds({ ours })).toBe(false);
  expect(medianAtLeast(6, "MB/s").holds({ ours })).toBe(true);
  expect(p95AtMost(9, "ms").holds({ ours })).toBe(true);
  expect(p95AtMost(8.9, "ms").holds({ ours })).toBe(false);
});

test("an addition to the peer's p95 is measured from the peer's p95", () => {
  expect(p95WithinPeerPlus(1, "ms").holds({ ours, peer })).toBe(true);
  expect(p95WithinPeerPlus(0.9, "ms").holds({ ours, peer })).toBe(false);
});

test("several bars hold together or not at all, and all of them are named", () => {
  const both = every(ratioAtMost(0.1), medianAtMost(6, "ms"));
  expect(both.text).toBe("≤ 0.1×, p50 ≤ 6 ms");
  expect(both.holds({ ours, peer, ratio: 0.1 })).toBe(true);
  expect(both.holds({ ours, peer, ratio: 0.2 })).toBe(false);
});
