import { expect, test } from "vitest";
import { dateOf } from "./date-of.ts";

test.each([
  [1_700_000_000_123, "2023-11-14T22:13:20.123Z"],
  [99_999_999_999_999_000, "+275760-09-13T00:00:00.000Z"],
  [-99_999_999_999_999_000, "-271821-04-20T00:00:00.000Z"],
])("a file of the time %d can be told of, and hides no other of its directory", (modifiedAt, told) => {
  expect(dateOf(modifiedAt).toISOString()).toBe(told);
});
