import { createInput } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { workerUrl } from "./worker-url.ts";
import { collectEnv, parseCount, parseDuration, parseMemory, parseSince, parseSize } from "./values.ts";

test.each([
  ["512m", 512 * 1024 ** 2],
  ["4g", 4 * 1024 ** 3],
  ["1.5GiB", 1.5 * 1024 ** 3],
  ["100", 100],
  ["2kb", 2048],
])("the size %s is %d bytes", (text, bytes) => expect(parseSize(text)).toBe(bytes));

test.each(["", "g", "-1g", "4x", "0"])("'%s' is no size", (text) => expect(() => parseSize(text)).toThrow());

test("the least memory is what the worker takes at least", () => {
  const fits = (memoryBytes: number) => createInput.safeParse({ name: "demo", limits: { memoryBytes } }).success;
  expect(fits(parseMemory("32m"))).toBe(true);
  expect(fits(32 * 1024 ** 2 - 1)).toBe(false);
  expect(() => parseMemory("31m")).toThrow();
});

test.each([
  ["90s", 90],
  ["30m", 1_800],
  ["8h", 28_800],
  ["7d", 604_800],
  ["1h30m", 5_400],
])("the duration %s is %d seconds", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

test.each(["", "8", "h", "0s", "8h!", "1w"])("'%s' is no duration", (text) =>
  expect(() => parseDuration(text)).toThrow(),
);

test("a variable's value keeps its own equals signs and lines", () => {
  expect(collectEnv("B=x=y\nz", { A: "1" })).toEqual({ A: "1", B: "x=y\nz" });
  expect(() => collectEnv("novalue", {})).toThrow();
});

test("a count is a whole number", () => {
  expect(parseCount("0")).toBe(0);
  for (const text of ["-1", "1.5", "x"]) expect(() => parseCount(text)).toThrow();
});

test.each([
  ["box", "http://box:7391"],
  ["box:80", "http://box"],
  ["box:8000", "http://box:8000"],
  ["https://box.example", "https://box.example"],
  ["[::1]:7391", "http://[::1]:7391"],
  ["fd7a::1", "http://[fd7a::1]:7391"],
  ["https://box:7391/#pair=CODE", "https://box:7391"],
])("the worker %s is reached at %s", (worker, url) => expect(workerUrl(worker)).toBe(url));

test.each(["ftp://box", "a b", "", "me@box", "http://me:word@box", "box:port"])("'%s' is no worker", (worker) => {
  expect(() => workerUrl(worker)).toThrow(expect.objectContaining({ code: "invalid_worker" }));
});

test("since when is a duration before now, or a date by this machine's clock unless it says a zone", () => {
  const before = Date.now();
  expect(Date.parse(parseSince("1h30m"))).toBeGreaterThanOrEqual(before - 5_400_000);
  expect(Date.parse(parseSince("1h30m"))).toBeLessThanOrEqual(Date.now() - 5_400_000);
  expect(parseSince("2026-03-01")).toBe(new Date(2026, 2, 1).toISOString());
  expect(parseSince("2026-03-01 14:05:09")).toBe(new Date(2026, 2, 1, 14, 5, 9).toISOString());
  expect(parseSince("2026-03-01T14:05:00+02:00")).toBe("2026-03-01T12:05:00.000Z");
  for (const text of ["", "soon", "2h ago", "2026-13-01", "2026-03-01T25:00", "1", "-1h"]) {
    expect(() => parseSince(text)).toThrow(/duration such as/);
  }
});
