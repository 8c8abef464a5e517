import { expect, test } from "vitest";
import { ago, agoShort, bytes, span } from "./amounts.ts";

test("A past instant is told in its largest whole unit", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  expect(ago("2026-11-21T11:59:30Z", now)).toBe("just now");
  expect(ago("2026-11-21T11:59:00Z", now)).toBe("1 minute ago");
  expect(ago("2026-11-21T09:00:00Z", now)).toBe("3 hours ago");
  expect(ago("2026-11-11T12:00:00Z", now)).toBe("10 days ago");
});

test("Spans and bytes carry their unit", () => {
  expect([span(420), span(12_400), span(60_000), span(185_000), span(7_800_000)]).toEqual([
    "420 ms",
    "12 s",
    "1 min",
    "3 min 5 s",
    "2 h 10 min",
  ]);
  expect([bytes(0), bytes(536_870_912), bytes(1_610_612_736)]).toEqual(["0 B", "512 MiB", "1.5 GiB"]);
});

test("In a narrow column the unit is short, and what is yet to come is now", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  const minutes = [-5, 0, 1, 59, 60, 1_439, 1_440, 20_000];
  expect(minutes.map((ago) => agoShort(now - ago * 60_000, now))).toEqual([
    "now",
    "now",
    "1 min",
    "59 min",
    "1 h",
    "23 h",
    "1 d",
    "13 d",
  ]);
});
