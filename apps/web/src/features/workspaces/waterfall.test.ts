import { expect, test } from "vitest";
import { startupOf, waterfall } from "./waterfall.ts";

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

test("A start that is over says how long it took and which step took longest; one that failed or goes on marks none", () => {
  const steps = [
    { id: "prepare", label: "Prepare", status: "done" as const, startedAt: at(0), endedAt: at(1) },
    { id: "create", label: "Create", status: "done" as const, startedAt: at(1), endedAt: at(2) },
    { id: "clone", label: "Clone", status: "done" as const, startedAt: at(2), endedAt: at(9) },
    { id: "scripts", label: "Scripts", status: "skipped" as const },
  ];
  const begin = Date.parse(at(0));
  expect(startupOf(steps, 0)).toEqual({ again: false, begin, durationMs: 9000, state: "done", longest: "clone" });
  const failing = steps.map((step) => (step.id === "clone" ? { ...step, status: "error" as const } : step));
  expect(startupOf(failing, 0)).toMatchObject({ state: "failed", longest: undefined });
  const going = steps.map((step) => (step.id === "scripts" ? { ...step, status: "running" as const } : step));
  expect(startupOf(going, Date.parse(at(11)))).toMatchObject({ state: "running", longest: undefined });
});

test("A start of what is there already is one again, and one that has not begun is none", () => {
  const started = { id: "start", label: "Start", status: "done" as const, startedAt: at(0), endedAt: at(2) };
  expect(startupOf([started], 0)).toMatchObject({ again: true, longest: undefined });
  expect(startupOf([{ id: "start", label: "Start", status: "pending" }], 0)).toBeUndefined();
  expect(startupOf([], 0)).toBeUndefined();
});
