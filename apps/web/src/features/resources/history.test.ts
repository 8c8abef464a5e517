import type { UsagePoint } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { ceilingOf, gapsOf, lineOf, MEASURES, summaryOf, withLive } from "./history.ts";

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 1, 10) + seconds * 1_000).toISOString();
const BEGIN = Date.UTC(2026, 10, 1, 10) / 1_000;
const every10 = { everySeconds: 10, gapSeconds: 25 };

test("A line is broken where nothing was measured for long, and where a value is not known", () => {
  const points: UsagePoint[] = [
    { at: at(0), memoryBytes: 5 },
    { at: at(10), cpuPercent: 4, memoryBytes: 6 },
    { at: at(100), memoryBytes: 7 },
  ];
  const line = lineOf(points, MEASURES.memory, every10);
  expect(line.at).toEqual([BEGIN, BEGIN + 10, BEGIN + 55, BEGIN + 100]);
  expect(line.mean).toEqual([5, 6, null, 7]);
  expect(lineOf(points, MEASURES.cpu, every10).mean).toEqual([null, 4, null, null]);
  expect(gapsOf(points, 25)).toBe(1);
  expect(gapsOf(points, 90)).toBe(0);
});

test("What was told since the history was asked for goes on behind it, and nothing of it twice", () => {
  const history = { ...every10, points: [{ at: at(0) }, { at: at(10) }] };
  expect(withLive(history, [{ at: at(8) }, { at: at(10) }, { at: at(12) }]).map((point) => point.at)).toEqual([
    at(0),
    at(10),
    at(12),
  ]);
});

test("A summary has the last value, the mean and the peak, which of a day lies above every mean", () => {
  const line = lineOf(
    [
      { at: at(0), cpuPercent: 10, cpuPeakPercent: 90 },
      { at: at(300), cpuPercent: 30, cpuPeakPercent: 40 },
      { at: at(600) },
    ],
    MEASURES.cpu,
    { gapSeconds: 750 },
  );
  expect(summaryOf(line)).toEqual({ last: 30, mean: 20, peak: 90 });
  expect(summaryOf(lineOf([{ at: at(0) }], MEASURES.disk, every10))).toBeUndefined();
});

test("A chart reaches up to its limit where that is near, and is not made flat by one that is far", () => {
  expect(ceilingOf({ peak: 50, limit: 100, least: 10 })).toBeCloseTo(108);
  expect(ceilingOf({ peak: 10, limit: 1_000, least: 10 })).toBeCloseTo(11.5);
  expect(ceilingOf({ peak: 0, least: 10 })).toBe(10);
  expect(ceilingOf({ peak: 200, limit: 100, least: 10 })).toBeCloseTo(230);
});
