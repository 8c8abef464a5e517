import { expect, test } from "vitest";
import { medianAtMost, ratioAtLeast, ratioAtMost } from "./bars.ts";
import { judge, table } from "./report.ts";

test("a row with a peer has the ratio of the medians", () => {
  const row = judge("exec", {
    unit: "ms",
    ours: [4, 5, 6],
    peer: { name: "docker exec", samples: [40, 50, 60] },
    bar: ratioAtMost(0.1),
  });
  expect(row).toEqual({
    name: "exec",
    ours: { p50: 5, p95: 5.9, n: 3, unit: "ms" },
    peer: { name: "docker exec", p50: 50, p95: 59, n: 3 },
    ratio: 0.1,
    bar: "≤ 0.1×",
    holds: true,
  });
});

test("a row without a peer has neither peer nor ratio", () => {
  const row = judge("agent-memory", { unit: "MB", ours: [130], bar: medianAtMost(120, "MB") });
  expect(row).toEqual({
    name: "agent-memory",
    ours: { p50: 130, p95: 130, n: 1, unit: "MB" },
    bar: "p50 ≤ 120 MB",
    holds: false,
  });
});

test("a figure just over its bar is not rounded under it", () => {
  const row = judge("start", { unit: "ms", ours: [600.00001], bar: medianAtMost(600, "ms") });
  expect(row).toMatchObject({ ours: { p50: 600 }, holds: false });
});

test("rates are judged from their low end", () => {
  const row = judge("output", {
    unit: "MB/s",
    better: "higher",
    ours: [20, 10],
    peer: { name: "peer", samples: [10, 20] },
    bar: ratioAtLeast(1),
  });
  expect(row).toMatchObject({ ours: { p50: 15, p95: 10.5 }, ratio: 1, holds: true });
});

test("the table aligns its columns and marks what does not hold", () => {
  const exec = judge("exec", {
    unit: "ms",
    ours: [4.25],
    peer: { name: "docker exec", samples: [50] },
    bar: ratioAtMost(0.1),
  });
  const memory = judge("agent-memory", { unit: "MB", ours: [130], bar: medianAtMost(120, "MB") });
  expect(table([exec, memory])).toBe(
    [
      "   row            p50   p95  n  unit  peer          p50   p95   ratio  bar",
      "✓  exec          4.25  4.25  1  ms    docker exec  50.0  50.0  0.085×  ≤ 0.1×",
      "✗  agent-memory   130   130  1  MB    –                                p50 ≤ 120 MB",
    ].join("\n"),
  );
});
