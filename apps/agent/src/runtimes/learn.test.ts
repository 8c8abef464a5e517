import { randomBytes } from "node:crypto";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createLearning } from "./learn.ts";

const HOUR = 3_600_000;

test("tokens that are made anew each hour are kept out of texts while they last, and not kept for good", () => {
  const redactor = createRedactor();
  const clock = createManualClock();
  const learn = createLearning(redactor, clock);
  const lasting = randomBytes(20).toString("hex");
  learn(lasting);
  const made: string[] = [];
  const isHidden = (token: string): boolean => !redactor.clean(`x ${token} y`).includes(token);
  for (let hour = 0; hour < 200; hour += 1) {
    const token = randomBytes(20).toString("hex");
    made.push(token);
    learn(token, clock.now() + HOUR);
    expect(isHidden(token)).toBe(true);
    clock.advance(HOUR);
  }
  expect(isHidden(lasting)).toBe(true);
  expect(made.slice(-2).every(isHidden)).toBe(true);
  expect(made.filter(isHidden).length).toBeLessThan(60);
});
