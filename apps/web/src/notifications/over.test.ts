import { expect, test } from "vitest";
import { taskFixture } from "../testing/task-fixture.ts";
import { isOverBy } from "./over.ts";

const asks = { task: "a", attempt: 2, reason: "question" as const, base: "" };
const tasks = (given: Parameters<typeof taskFixture>[0]) => new Map([["a", taskFixture({ id: "a", ...given })]]);

test("A question is over once its task does not wait for it any more, or asks something else", () => {
  expect(isOverBy(tasks({ status: "waiting_input", attempt: 2 }), { asks }, "")).toBe(false);
  expect(isOverBy(tasks({ status: "waiting_input", attempt: 3 }), { asks }, "")).toBe(true);
  expect(isOverBy(tasks({ status: "running", attempt: 2 }), { asks }, "")).toBe(true);
});

test("Nothing is known of a task that was not heard of, nor of another worker's", () => {
  expect(isOverBy(new Map(), { asks }, "")).toBe(false);
  expect(isOverBy(tasks({ status: "running" }), { asks }, "/on/desk")).toBe(false);
  expect(isOverBy(tasks({ status: "running" }), {}, "")).toBe(false);
});
