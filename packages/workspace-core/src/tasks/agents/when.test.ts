import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asInstant, instantIn, withinReason } from "./when.ts";

const anyText = fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes));
const NOW = Date.UTC(2026, 7, 3, 12, 0);
const at = (...parts: Parameters<typeof Date.UTC>): number => Date.UTC(...parts);

describe("the instant in a text about a limit", () => {
  test.each<[string, number | undefined]>([
    ["Claude AI usage limit reached|1785769200", 1_785_769_200_000],
    ["usage limit reached|1785769200000", 1_785_769_200_000],
    ['{"error":{"type":"usage_limit_reached","resets_at":1785769200,"resets_in_seconds":5}}', 1_785_769_200_000],
    ['{"resets_in_seconds":90}', NOW + 90_000],
    ["try again in 5 days 3 hours 20 minutes.", NOW + ((5 * 24 + 3) * 60 + 20) * 60_000],
    ["Please try again in 45 seconds", NOW + 45_000],
    ["You've hit your session limit · resets 9:30pm (Asia/Saigon)", at(2026, 7, 3, 14, 30)],
    ["You're out of extra usage · resets 1pm (America/Los_Angeles)", at(2026, 7, 3, 20, 0)],
    ["5-hour limit reached ∙ resets 11am", at(2026, 7, 4, 11, 0)],
    ["weekly limit reached · resets Aug 6 at 1pm (Europe/Berlin)", at(2026, 7, 6, 11, 0)],
    ["weekly limit · resets Aug 6, 1pm (UTC)", at(2026, 7, 6, 13, 0)],
    ["or try again at Aug 8th, 2026 3:27 PM.", at(2026, 7, 8, 15, 27)],
    ["or try again at 3:27 PM.", at(2026, 7, 3, 15, 27)],
    ["try again at 12:05 AM", at(2026, 7, 4, 0, 5)],
    ["resets 12pm (UTC)", at(2026, 7, 4, 12, 0)],
    ["resets 3pm (Nowhere/Atall)", at(2026, 7, 3, 15, 0)],
    ["resets Foo 6 at 1pm", undefined],
    ["resets Feb 31 at 1pm", undefined],
    ["resets 25:00", undefined],
    ["resets 13pm", undefined],
    ["try again at 5", undefined],
    ["It is over.", undefined],
    ["", undefined],
  ])("'%s'", (text, expected) => {
    expect(instantIn(text, NOW)).toBe(expected);
  });

  test("is by the clock of the machine where it names no zone", () => {
    expect(instantIn("try again at 3:27 PM.", NOW, "America/New_York")).toBe(at(2026, 7, 3, 19, 27));
    expect(instantIn("try again at 3:27 PM.", NOW, "no zone")).toBe(at(2026, 7, 3, 15, 27));
  });

  test("named by a day without a year is the next such day", () => {
    const december = at(2026, 11, 30, 12, 0);
    expect(instantIn("resets Jan 2 at 1pm (UTC)", december)).toBe(at(2027, 0, 2, 13, 0));
  });

  test("that a clock skips or shows twice is one of that day all the same", () => {
    // In Berlin 02:30 is not on 29 March 2026, and twice on 25 October 2026.
    expect(instantIn("resets 2:30am (Europe/Berlin)", at(2026, 2, 28, 22, 0))).toBe(at(2026, 2, 29, 1, 30));
    expect(instantIn("resets 2:30am (Europe/Berlin)", at(2026, 9, 24, 22, 0))).toBe(at(2026, 9, 25, 0, 30));
  });

  test("is within the next day or so and shows on that clock what was said, in every zone and at every time of the year", () => {
    const zones = [
      "UTC",
      "America/New_York",
      "Asia/Saigon",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
      "Asia/Kathmandu",
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: at(2024, 0, 1), max: at(2030, 0, 1) }),
        fc.constantFrom(...zones),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 59 }),
        fc.constantFrom("am", "pm", " PM", " AM"),
        (now, zone, hour, minute, half) => {
          const text = `resets ${hour}:${String(minute).padStart(2, "0")}${half} (${zone})`;
          const instant = instantIn(text, now) ?? Number.NaN;
          expect(instant).toBeGreaterThan(now);
          expect(instant).toBeLessThanOrEqual(now + 26 * 3_600_000);
          const shown = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
          const wanted = (hour % 12) + (half.trim().toLowerCase() === "pm" ? 12 : 0);
          // What a clock skips is shown an hour, or half of one, later.
          const minutes = shown.hour * 60 + shown.minute - (wanted * 60 + minute);
          expect([0, 30, 60]).toContain(minutes);
        },
      ),
    );
  });

  test("is a number or nothing, whatever the text", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom("resets ", "try again at ", "|", "in "), (text, before) => {
        const instant = instantIn(before + text, NOW);
        expect(instant === undefined || Number.isFinite(instant)).toBe(true);
      }),
    );
  });
});

test.each<[unknown, number | undefined]>([
  [1_785_769_200, 1_785_769_200_000],
  [1_785_769_200_123, 1_785_769_200_123],
  ["1785769200", 1_785_769_200_000],
  ["2026-08-03T15:00:00Z", at(2026, 7, 3, 15, 0)],
  ["tomorrow", undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [null, undefined],
  [{}, undefined],
])("an instant as a tool writes it: %s", (value, expected) => {
  expect(asInstant(value)).toBe(expected);
});

test("no limit is over later than in eight days", () => {
  expect(withinReason(0, NOW)).toBe(0);
  expect(withinReason(NOW + 3_600_000, NOW)).toBe(NOW + 3_600_000);
  expect(withinReason(Number.MAX_SAFE_INTEGER, NOW)).toBe(NOW + 8 * 86_400_000);
});
