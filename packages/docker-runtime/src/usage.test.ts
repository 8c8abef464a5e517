import { describe, expect, test } from "vitest";

import { fromStats } from "./usage.ts";

const read = "2026-01-01T00:00:01.5Z";
const cpu_stats = { cpu_usage: { total_usage: 2_500_000_000 } };
const told = (stats: object) => fromStats(stats);

describe("what an engine says of a container", () => {
  test.each([
    ["v1", { total_inactive_file: 1_000, inactive_file: 1 }],
    ["v2", { inactive_file: 1_000 }],
  ])("is its time and its memory, less the files that could be dropped (cgroups %s)", (_version, stats) => {
    const memory_stats = { usage: 5_000, limit: 9_000, stats };
    expect(told({ read, cpu_stats, memory_stats, pids_stats: { current: 3 } })).toEqual({
      cpu: { usedMs: 2_500, atMs: Date.parse(read) },
      memoryBytes: 4_000,
      processes: 3,
    });
  });

  test("is as much as it knows, where a controller is missing", () => {
    expect(told({ read, cpu_stats, memory_stats: {}, pids_stats: { current: 3 } })).toEqual({
      cpu: { usedMs: 2_500, atMs: Date.parse(read) },
      processes: 3,
    });
    expect(told({ read, memory_stats: { usage: 5_000 } })).toEqual({ memoryBytes: 5_000 });
  });

  test("is nothing of one that does not run", () => {
    const zeros = { cpu_usage: { total_usage: 0 } };
    expect(told({ read: "0001-01-01T00:00:00Z", cpu_stats: zeros, memory_stats: {}, pids_stats: {} })).toBeUndefined();
    expect(told({ read, cpu_stats: zeros, memory_stats: {}, pids_stats: {} })).toBeUndefined();
    expect(told({})).toBeUndefined();
  });
});
