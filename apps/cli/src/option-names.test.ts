import { expect, test } from "vitest";
import { inOptions } from "./option-names.ts";

test.each([
  ["'dependsOn.0' is not right.", "--after is not right.", /task-0123456789ab/],
  ["'task' must be the id of a task.", "<task> must be the id of a task.", /'ws task list'/],
  ["'notBefore' is not in the right form.", "--not-before is not in the right form.", /2026-03-01T06:00:00Z/],
  ["'limit' is too large (at most 1000).", "-n is too large (at most 1000).", /number/],
])("%s is said of the option", (message, said, form) => {
  const shown = inOptions(message, "See /api.");
  expect(shown.message).toBe(said);
  expect(shown.next).toMatch(form);
});

test.each(["'name' is empty.", "'constructor' is empty.", "No 'limit' here."])("%s stays as it is", (message) => {
  expect(inOptions(message, "See /api.")).toEqual({ message, next: "See /api." });
});
