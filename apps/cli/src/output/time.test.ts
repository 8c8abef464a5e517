import { expect, test } from "vitest";
import { lengthOfTime, localTime, withLocalInstants, withLocalTimes } from "./time.ts";

const local = new Date(2026, 2, 1, 14, 5, 9, 42);

test("an instant is shown in the reader's own time zone, to the second", () => {
  expect(localTime(local.toISOString())).toBe("2026-03-01 14:05:09");
});

test("only what begins a line is read as an instant", () => {
  const iso = local.toISOString();
  expect(withLocalTimes(`${iso} Start …\nsaid ${iso} once\n${iso}\n`)).toBe(
    `2026-03-01 14:05:09 Start …\nsaid ${iso} once\n${iso}\n`,
  );
});

test("an instant of the worker's is local wherever it stands in a sentence, and what somebody gave is told as it was", () => {
  const iso = local.toISOString();
  expect(withLocalInstants(`It was last seen at ${iso}. Try again after ${iso}.`)).toBe(
    "It was last seen at 2026-03-01 14:05:09. Try again after 2026-03-01 14:05:09.",
  );
  for (const given of [`'${iso}' is none`, "such as 2026-03-01T06:00:00Z"])
    expect(withLocalInstants(given)).toBe(given);
});

test.each(["2026-99-99T99:99:99.999Z", "2026-06-30T23:59:60.000Z"])(
  "a line that only looks like an instant, or has one that no clock here knows, stays as it is (%s)",
  (instant) => expect(withLocalTimes(`${instant} said\n`)).toBe(`${instant} said\n`),
);

test.each([
  [7_200, "2 h"],
  [5_400, "1 h 30 min"],
  [604_800, "7 d"],
  [90.5, "1 min 30.5 s"],
  [0, "0 s"],
])("%d seconds are said as %s", (seconds, said) => expect(lengthOfTime(seconds)).toBe(said));
