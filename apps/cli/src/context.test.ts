import { expect, test } from "vitest";
import { createContext } from "./context.ts";
import { createFakeIo } from "./testing/fake-io.ts";

test("a hint controls no terminal, and ends as a terminal in raw mode needs it where that is asked", () => {
  const io = createFakeIo();
  const context = createContext(io);
  context.hint("desk\u001b]52;c;eA==\u0007: off\u009b2Jline");
  context.hint("[it broke]\r");
  expect(io.err()).toBe("desk: offline\n[it broke]\r\n");
});
