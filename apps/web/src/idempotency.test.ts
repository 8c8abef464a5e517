import { expect, test } from "vitest";
import { createAttempts } from "./idempotency.ts";

test("One opening sends one key for one input, another for a changed one", () => {
  let count = 0;
  const attempts = createAttempts(() => `key-${(count += 1)}`);
  const input = { name: "demo", clone: "https://example.com/a" };
  expect(attempts.keyFor(input)).toBe("key-1");
  expect(attempts.keyFor({ ...input })).toBe("key-1");
  expect(attempts.keyFor({ ...input, name: "demo-2" })).toBe("key-2");
  attempts.renew();
  expect(attempts.keyFor({ ...input, name: "demo-2" })).toBe("key-3");
});
