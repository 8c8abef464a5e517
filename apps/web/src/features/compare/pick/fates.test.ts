import { expect, test } from "vitest";
import { fateOf, uncommittedIn, type Look } from "./fates.ts";

const of = { id: "ws-1", name: "demo-1" };
const clean: Look = { foreseen: { ...of, kept: false } };
const holds: Look = {
  foreseen: { ...of, kept: true, reason: "unpushed_work", holder: "2 commits that are not pushed" },
};
const leased: Look = { foreseen: { ...of, kept: true, reason: "leased", holder: "a lease of ann" } };
const unseen: Look = { problem: "It does not answer." };

test.each([
  ["clean", clean, false, false, "goes", /all that it holds lies elsewhere/],
  ["clean, discarded", clean, false, true, "goes", /all that it holds lies elsewhere/],
  ["with work", holds, false, false, "stays", /it holds 2 commits that are not pushed/],
  ["with work, discarded", holds, false, true, "loses", /Lost for good: 2 commits that are not pushed/],
  ["at work", clean, true, false, "stays", /not over yet/],
  ["at work, discarded", holds, true, true, "loses", /task is ended, and this is lost: 2 commits/],
  ["leased, discarded", leased, true, true, "stays", /a lease of ann/],
  ["unseen", unseen, false, false, "stays", /could not be looked at. It does not answer/],
  ["unseen, discarded", unseen, false, true, "loses", /unseen/],
  ["not looked at yet", undefined, false, false, "stays", /Looking/],
])("another attempt that is %s", (_what, look, atWork, discard, what, text) => {
  const fate = fateOf({ look, atWork, discard });
  expect(fate.loses ? "loses" : fate.stays ? "stays" : "goes").toBe(what);
  expect(fate.text).toMatch(text);
});

test("of many files that are not committed the first are named", () => {
  const files = Array.from({ length: 8 }, (_, at) => ({
    path: `${at}`,
    worktree: "modified" as const,
    conflicted: false,
  }));
  const status = { detached: false, stashes: 0, files, total: 20, truncated: true };
  expect(uncommittedIn(status)).toEqual(["0", "1", "2", "3", "4", "5", "and 14 more"]);
  expect(uncommittedIn(undefined)).toEqual([]);
});
