import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["dmeo", ["other", "demo"], "demo"],
  ["demo1", ["demo-12", "demo"], "demo"],
  ["fro", ["frontend", "backend"], "frontend"],
  ["frontend-2", ["front", "frontend"], "frontend"],
  ["Api", ["web", "api"], "api"],
  ["ab", ["xy", "cd"], undefined],
  ["completely-else", ["demo", "api"], undefined],
  ["demo", [], undefined],
])("'%s' among %j is nearest to %s", (name, names, expected) => {
  expect(nearest(name, names)).toBe(expected);
});
