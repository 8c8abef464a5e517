import { expect, test } from "vitest";
import { askedIn, inputOf, toQuery } from "./asked.ts";

test("What is asked for stands in the address and comes back from it", () => {
  const asked = { who: "tok-1", action: "tasks", target: "", since: "day" } as const;
  expect(toQuery(asked).toString()).toBe("who=tok-1&action=tasks&since=day");
  expect(askedIn(toQuery(asked))).toEqual(asked);
  expect(toQuery(askedIn(new URLSearchParams())).toString()).toBe("");
});

test("An address that somebody wrote by hand asks for nothing that there is not", () => {
  const asked = askedIn(new URLSearchParams({ since: "constructor", who: "x".repeat(300) }));
  expect([asked.since, asked.who.length]).toEqual(["any", 200]);
});

test("The worker is asked for what is said alone, and from when", () => {
  const now = Date.parse("2026-11-02T00:00:00.000Z");
  expect(inputOf({ who: " ada ", action: "", target: " ", since: "day" }, now)).toEqual({
    who: "ada",
    since: "2026-11-01T00:00:00.000Z",
  });
  expect(inputOf({ who: "", action: "", target: "", since: "any" }, now)).toEqual({});
});
