import { expect, test } from "vitest";
import { createMomentum } from "./momentum.ts";

function thrown(points: [y: number, at: number][], from: number): number[] {
  const momentum = createMomentum();
  for (const [y, at] of points) momentum.move(y, at);
  const steps: number[] = [];
  for (let at = from; ; at += 16) {
    const step = momentum.after(at);
    if (step === undefined) return steps;
    steps.push(step);
  }
}

test("A finger that was fast scrolls on after it was lifted, slower and slower, and comes to rest", () => {
  const steps = thrown(
    [
      [0, 0],
      [16, 16],
      [32, 32],
    ],
    48,
  );
  const far = steps.reduce((sum, step) => sum + step, 0);
  // A pixel a millisecond, slowed: at most as far as it would be in the time in which it slows.
  expect(far).toBeGreaterThan(250);
  expect(far).toBeLessThanOrEqual(325);
  expect(steps.every((step, at) => at === 0 || step <= (steps[at - 1] ?? 0))).toBe(true);
});

test("It goes the way of the finger", () => {
  expect(
    thrown(
      [
        [32, 0],
        [0, 32],
      ],
      33,
    ).every((step) => step < 0),
  ).toBe(true);
});

test("A finger that rests before it is lifted, or only touches, scrolls nothing", () => {
  expect(
    thrown(
      [
        [0, 0],
        [200, 50],
      ],
      400,
    ),
  ).toEqual([]);
  expect(thrown([[10, 0]], 16)).toEqual([]);
  expect(thrown([], 16)).toEqual([]);
});
