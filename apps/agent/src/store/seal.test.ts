import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSeal, keptKey } from "./seal.ts";

test("what is sealed is opened with its key, as what it was, and with nothing else", () => {
  const [key, other] = [randomBytes(32), randomBytes(32)];
  const seal = createSeal(() => key);
  const text = "secret ✓".repeat(3);
  const closed = seal.close(text, "task-a");
  expect(closed).not.toContain("secret");
  expect(seal.open(closed, "task-a")).toBe(text);
  expect(seal.open(closed, "task-b")).toBeUndefined();
  expect(createSeal(() => other).open(closed, "task-a")).toBeUndefined();
  const bytes = Buffer.from(closed, "base64");
  for (const at of [0, 13, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
    expect(seal.open(changed.toString("base64"), "task-a")).toBeUndefined();
  }
  for (const odd of ["", "AAAA", "not base64 at all"]) expect(seal.open(odd, "task-a")).toBeUndefined();
  expect(seal.close(text, "task-a")).not.toBe(closed);
});

test("the key is made when something is first closed, never in order to open something, and is kept", () => {
  const kept = new Map<string, string>();
  const secrets = {
    setting: (key: string) => kept.get(key),
    setSetting: (key: string, secret: string) => void kept.set(key, secret),
  };
  const seal = createSeal(...keptKey(secrets));
  expect(seal.open(createSeal(() => randomBytes(32)).close("text", "a"), "a")).toBeUndefined();
  expect(kept.size).toBe(0);
  const closed = seal.close("text", "a");
  expect(createSeal(...keptKey(secrets)).open(closed, "a")).toBe("text");
  expect([...kept.values()].map((key) => Buffer.from(key, "base64").length)).toEqual([32]);
});
