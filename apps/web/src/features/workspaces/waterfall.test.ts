import { expect, test } from "vitest";
import { waterfall } from "./waterfall.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 1, 10, 0, seconds)).toISOString();

test("Steps lie on one line from the first beginning to now", () => {
  const bars = waterfall(
    [
      { id: "create", label: "Create", status: "done", startedAt: at(0), endedAt: at(2) },
      { id: "clone", label: "Clone", status: "running", startedAt: at(2) },
      { id: "scripts", label: "Scripts", status: "pending" },
    ],
    Date.parse(at(8)),
  );
  expect(bars.map(({ durationMs, offset, width }) => ({ durationMs, offset, width }))).toEqual([
    { durationMs: 2000, offset: 0, width: 0.25 },
    { durationMs: 6000, offset: 0.25, width: 0.75 },
    { durationMs: undefined, offset: 0, width: 0 },
  ]);
});

test("Steps without instants, or none at all, are no division by zero", () => {
  expect(waterfall([], 0)).toEqual([]);
  expect(waterfall([{ id: "a", label: "A", status: "done", startedAt: at(1), endedAt: at(1) }], 0)[0]).toMatchObject({
    durationMs: 0,
    offset: 0,
    width: 0,
  });
});
