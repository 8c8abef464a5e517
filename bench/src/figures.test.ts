import { expect, test } from "vitest";
import { figuresOf } from "./figures.ts";

test("the median of an odd series is its middle sample, whatever the order", () => {
  expect(figuresOf([9, 1, 5])).toMatchObject({ p50: 5, n: 3 });
});

test("the median of an even series lies between its two middle samples", () => {
  expect(figuresOf([1, 2, 4, 8]).p50).toBe(3);
});

test("p95 of a hundred and one samples is the sixth from the slow end", () => {
  const samples = Array.from({ length: 101 }, (_, index) => index);
  expect(figuresOf(samples)).toEqual({ p50: 50, p95: 95, n: 101 });
});

test("where more is better, p95 is the low end", () => {
  const samples = Array.from({ length: 101 }, (_, index) => index);
  expect(figuresOf(samples, "higher")).toEqual({ p50: 50, p95: 5, n: 101 });
});

test("one sample is its own median and p95", () => {
  expect(figuresOf([7])).toEqual({ p50: 7, p95: 7, n: 1 });
});

test("numbers are ordered as numbers", () => {
  expect(figuresOf([10, 9, 100]).p50).toBe(10);
});

test("no sample is an error and not a zero", () => {
  expect(() => figuresOf([])).toThrow("without samples");
});
