import { expect, test } from "vitest";
import { localTime, withLocalTimes } from "./time.ts";

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

test.each(["2026-99-99T99:99:99.999Z", "2026-06-30T23:59:60.000Z"])(
  "a line that only looks like an instant, or has one that no clock here knows, stays as it is (%s)",
  (instant) => expect(withLocalTimes(`${instant} said\n`)).toBe(`${instant} said\n`),
);
