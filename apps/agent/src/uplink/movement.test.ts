import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createMovement } from "./movement.ts";

test("what has not begun is not stuck; what has is, after a minute and a half without a step", () => {
  const clock = createManualClock();
  const movement = createMovement(clock);
  clock.advance(1_000_000);
  expect(movement.goesOn()).toBe(true);
  movement.step();
  clock.advance(89_999);
  expect(movement.goesOn()).toBe(true);
  clock.advance(1);
  expect(movement.goesOn()).toBe(false);
  movement.step();
  expect(movement.goesOn()).toBe(true);
});
