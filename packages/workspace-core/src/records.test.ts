import { expect, test } from "vitest";
import { workspaceNotFound } from "./records.ts";
import { createMemoryStore } from "./testing/memory-store.ts";

test("a name that nothing has is answered without what it would do to a terminal", () => {
  const { message, next, data } = workspaceNotFound("\u001b[2J\u0007demo", createMemoryStore());
  expect(message).toBe("There is no workspace '\uFFFD[2J\uFFFDdemo'.");
  expect(next).toBe("Make one: ws start NAME.");
  expect(data).toEqual({ name: "\uFFFD[2J\uFFFDdemo" });
});
