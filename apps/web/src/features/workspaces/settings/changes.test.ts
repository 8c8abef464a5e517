import { updateInput } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { typedDuration, typedSize } from "./amounts-typed.ts";
import { endsChange, limitsChange } from "./changes.ts";

const limits = { limits: { cpus: 2, memoryBytes: 2 ** 30 } };

test("Only what is otherwise is sent, and an empty field takes a limit away", () => {
  expect(limitsChange({ cpus: "2", memory: "1G", processes: "" }, limits)).toEqual({ change: {} });
  const parsed = limitsChange({ cpus: "", memory: "1.5G", processes: " 500 " }, limits);
  expect(parsed).toEqual({ change: { limits: { cpus: null, memoryBytes: 1.5 * 2 ** 30, processes: 500 } } });
  expect(updateInput.safeParse({ name: "demo", ...("change" in parsed ? parsed.change : {}) }).success).toBe(true);
});

test.each([
  [{ cpus: "0" }, "cpus"],
  [{ cpus: "two" }, "cpus"],
  [{ memory: "1M" }, "memory"],
  [{ memory: "much" }, "memory"],
  [{ processes: "1.5" }, "processes"],
  [{ processes: "-1" }, "processes"],
])("%j is no limit", (typed, field) => {
  const parsed = limitsChange({ cpus: "", memory: "", processes: "", ...typed }, limits);
  expect("errors" in parsed && Object.keys(parsed.errors)).toEqual([field]);
});

test("A TTL and an end when idle are changed each by itself, and go where nothing is typed", () => {
  const before = { ttlSeconds: 28_800, idleSeconds: 600 };
  expect(endsChange({ ttl: "8h", idle: "10m" }, before)).toEqual({ change: {} });
  expect(endsChange({ ttl: "", idle: "1h" }, before)).toEqual({ change: { ttlSeconds: null, idleSeconds: 3_600 } });
  expect(endsChange({ ttl: "400d", idle: "30s" }, before)).toMatchObject({
    errors: { ttl: expect.stringContaining("365d"), idle: expect.stringContaining("1m") },
  });
});

test.each([
  [undefined, ""],
  [2 ** 30, "1G"],
  [1.5 * 2 ** 30, "1.5G"],
  [512 * 2 ** 20, "512M"],
  [1_000_001, "1000001"],
])("%s bytes are typed as '%s'", (bytes, text) => {
  expect(typedSize(bytes)).toBe(text);
});

test.each([
  [undefined, ""],
  [28_800, "8h"],
  [172_800, "2d"],
  [5_400, "90m"],
  [61, "61s"],
])("%s seconds are typed as '%s'", (seconds, text) => {
  expect(typedDuration(seconds)).toBe(text);
});
