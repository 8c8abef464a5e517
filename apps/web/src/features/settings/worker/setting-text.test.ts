import type { SettingTakes } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { textOf, valueOf, wordsOf } from "./setting-text.ts";

test.each<[SettingTakes, unknown, string]>([
  [{ kind: "text" }, "a  b", "a  b"],
  [{ kind: "number" }, 7391, "7391"],
  [{ kind: "list" }, ["a", "b c"], "a\nb c"],
  [{ kind: "list" }, [], ""],
  [{ kind: "json" }, { claude: "opus" }, '{\n  "claude": "opus"\n}'],
])("With a control for %j the value %j is edited as text, and comes back as it was", (takes, value, text) => {
  expect(textOf({ value, takes })).toBe(text);
  expect(valueOf(text, takes)).toEqual(value);
});

test("What cannot be a number or JSON is sent as it was typed, for the worker to refuse", () => {
  expect(valueOf("many", { kind: "number" })).toBe("many");
  expect(valueOf("", { kind: "number" })).toBe("");
  expect(valueOf("{ broken", { kind: "json" })).toBe("{ broken");
});

test("Of a list empty lines and spaces around are left out, and a single text is one of one", () => {
  expect(valueOf(" a \n\n b", { kind: "list" })).toEqual(["a", "b"]);
  expect(textOf({ value: "/a.sh", takes: { kind: "list" } })).toBe("/a.sh");
});

test("A secret is never text to edit", () => {
  expect(textOf({ value: "…wxyz", takes: { kind: "text" }, secret: true })).toBe("");
});

test("A default is told in words", () => {
  expect([true, false, "", [], {}, ["a", "b"], 3].map(wordsOf)).toEqual([
    "on",
    "off",
    "nothing",
    "none",
    "none",
    "a, b",
    "3",
  ]);
});
