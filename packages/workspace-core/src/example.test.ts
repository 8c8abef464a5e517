import { expect, test } from "vitest";
import { hello } from "./testing/example.ts";

test("the README's example runs", async () => {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  expect(await hello({ debug: say, info: say, warn: say, error: say })).toBe("hello from a workspace\n");
  expect(said).toContain("hello is running");
});
