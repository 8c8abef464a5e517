import { expect, test } from "vitest";
import { neighbour, partOf } from "./parts.ts";

test.each([
  ["ports", "ports"],
  ["details", "overview"],
  ["toString", undefined],
  ["", undefined],
])("The address part '%s' is %s", (text, part) => {
  expect(partOf(text)).toBe(part);
});

test("The next of the last is the first, the one before the first the last, and one alone has none", () => {
  const all = [{ name: "a" }, { name: "b" }, { name: "c" }];
  expect([neighbour(all, "c", 1)?.name, neighbour(all, "a", -1)?.name, neighbour(all, "a", 1)?.name]).toEqual([
    "a",
    "c",
    "b",
  ]);
  expect([neighbour([{ name: "a" }], "a", 1), neighbour(all, "gone", 1)]).toEqual([undefined, undefined]);
});
