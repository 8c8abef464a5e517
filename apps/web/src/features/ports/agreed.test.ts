import { expect, test } from "vitest";
import { createAgreed } from "./agreed.ts";

function memory(content?: string) {
  let kept = content ?? null;
  return { getItem: () => kept, setItem: (_key: string, value: string) => void (kept = value) };
}

test("What was agreed to is known by its workspace's id, also to the next page", () => {
  const storage = memory();
  createAgreed(storage).add("ws-1");
  expect([createAgreed(storage).has("ws-1"), createAgreed(storage).has("ws-2")]).toEqual([true, false]);
});

test("Only the last two hundred are kept", () => {
  const agreed = createAgreed(memory());
  for (let id = 0; id < 201; id += 1) agreed.add(`ws-${id}`);
  expect([agreed.has("ws-0"), agreed.has("ws-1"), agreed.has("ws-200")]).toEqual([false, true, true]);
});

test.each(["{", '"ws-1"', "[1]"])("Of a storage that holds %s nothing is taken", (content) => {
  expect(createAgreed(memory(content)).has("ws-1")).toBe(false);
});

test("A storage that refuses changes nothing", () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  const agreed = createAgreed(full);
  agreed.add("ws-1");
  expect(agreed.has("ws-1")).toBe(false);
});
