import { expect, test } from "vitest";
import type { Verb } from "../../components/verbs/verbs.ts";
import { findVerbs, MOST_SHOWN } from "./match.ts";
import { sectionsOf } from "./sections.ts";
import { recentVerbs, rememberVerb } from "./recent.ts";

const verb = (label: string, given: Partial<Verb> = {}): Verb => ({
  id: label,
  label,
  group: "Go to",
  run: () => undefined,
  ...given,
});
const labels = (verbs: readonly Verb[]) => verbs.map(({ label }) => label);

const all = [
  verb("Workspaces"),
  verb("Tasks"),
  verb("New workspace", { group: "Do", words: "create clone" }),
  verb("Stop", { group: "shop", words: "shutdown" }),
  verb("shop", { searchedOnly: true }),
  verb("shop: Files", { searchedOnly: true }),
];

test.each([
  ["wor", ["Workspaces", "New workspace"]],
  ["create", ["New workspace"]],
  ["files shop", ["shop: Files"]],
  ["shop", ["shop", "shop: Files", "Stop"]],
  ["nwork", ["New workspace"]],
  ["stop shop", ["Stop"]],
  ["zebra", []],
  ["  ", ["Workspaces", "Tasks", "New workspace", "Stop"]],
  ["(", []],
])("of what is typed each word has to be in it, the beginning of a word counts most: %j", (typed, expected) => {
  expect(labels(findVerbs(all, typed, []))).toEqual(expected);
});

test("what was used lately comes first where nothing is typed, also of those that are otherwise only searched", () => {
  expect(labels(findVerbs(all, "", ["shop", "Tasks"]))).toEqual([
    "shop",
    "Tasks",
    "Workspaces",
    "New workspace",
    "Stop",
  ]);
});

test("of many that match only the best are shown", () => {
  const many = Array.from({ length: 500 }, (_, at) => verb(`bench-${at}`, { searchedOnly: true }));
  const found = labels(findVerbs(many, "bench-42", []));
  expect(found[0]).toBe("bench-42");
  expect(found).toContain("bench-427");
  expect(found.length).toBeLessThanOrEqual(MOST_SHOWN);
});

test("this browser keeps the last eight, each once, and stands what is no list", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  for (const id of ["a", "b", "a", ..."cdefghij".split("")]) rememberVerb(storage, id);
  expect(recentVerbs(storage)).toEqual("jihgfedc".split(""));
  for (const wrong of ["{", "{}", '"x"', "[1, null]"]) expect(recentVerbs({ getItem: () => wrong })).toEqual([]);
});

test("what is of the screen stands before what is of the whole dashboard, and what was used lately before all", () => {
  const found = [
    verb("Tasks"),
    verb("Light theme", { group: "This browser" }),
    verb("New", { group: "Do" }),
    verb("Stop", { group: "shop" }),
  ];
  const headings = (typed: string) => sectionsOf(found, typed, ["Tasks"]).map(({ heading }) => heading);
  expect(headings("")).toEqual(["Recent", "shop", "Do", "This browser"]);
  expect(headings("t")).toEqual(["Found"]);
  expect(sectionsOf([], "t", [])).toEqual([]);
});
