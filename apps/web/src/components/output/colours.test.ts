import fc from "fast-check";
import { expect, test } from "vitest";
import { contrast, paintOf } from "./colours.ts";

const colour = fc.oneof(
  fc.record({ index: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ rgb: fc.integer({ min: 0, max: 0xff_ff_ff }) }),
);

test("Whatever colours a program chooses, its text can be read by day and by night", () => {
  const grounds = [
    [253, 253, 251],
    [7, 14, 18],
  ] as const;
  const rgbs = (css: string) =>
    [...css.matchAll(/rgb\((\d+) (\d+) (\d+)\)/g)].map(
      (found) => found.slice(1).map(Number) as [number, number, number],
    );
  fc.assert(
    fc.property(fc.option(colour), fc.option(colour), fc.boolean(), (ink, ground, inverse) => {
      const style = { ...(ink === null ? {} : { ink }), ...(ground === null ? {} : { ground }) };
      const { color, backgroundColor } = paintOf({ ...style, ...(inverse ? { inverse: true as const } : {}) });
      if (color === undefined) return;
      rgbs(color).forEach((painted, theme) => {
        const behind = (backgroundColor === undefined ? grounds : rgbs(backgroundColor))[theme] ?? [0, 0, 0];
        expect(contrast(painted, behind)).toBeGreaterThanOrEqual(4.5);
      });
    }),
  );
});

test("What has no colour of its own is painted as the page is", () => {
  expect(paintOf({})).toEqual({});
  expect(paintOf({ bold: true })).toEqual({});
});
