import { expect, onTestFinished, test, vi } from "vitest";
import { becomeAnew, endAsked, takeHandedOn } from "./in-place.ts";

/** What asks for the end of this process, heard by nobody else. */
function asked() {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const;
  const others = signals.map((signal) => process.listeners(signal));
  for (const signal of signals) process.removeAllListeners(signal);
  const end = endAsked();
  onTestFinished(() => {
    for (const [index, signal] of signals.entries()) {
      process.removeAllListeners(signal);
      for (const listener of others[index] ?? []) process.on(signal, listener);
    }
  });
  return end;
}

test("a wish to begin anew waits until the start is over, and ends it never", async () => {
  const end = asked();
  process.emit("SIGUSR2");
  await new Promise(setImmediate);
  expect(end.signal.aborted).toBe(false);
  end.onRestart(async () => true);
  await expect.poll(() => [end.signal.aborted, end.toRestart()]).toEqual([true, true]);
});

test("an agent that nobody wished anew does not begin anew, nor one whose program cannot", async () => {
  const end = asked();
  let checks = 0;
  end.onRestart(async () => (checks += 1) > 1);
  expect(checks).toBe(0);
  process.emit("SIGUSR2");
  await expect.poll(() => checks).toBe(1);
  expect(end.signal.aborted).toBe(false);
  process.emit("SIGTERM");
  process.emit("SIGUSR2");
  await expect.poll(() => checks).toBe(2);
  expect([end.signal.aborted, end.toRestart()]).toEqual([true, false]);
});

test("a token is handed on once, and not as the variable that would hold over the setting", () => {
  const begun = vi.spyOn(process, "execve").mockImplementation((() => undefined) as never);
  onTestFinished(() => begun.mockRestore());
  becomeAnew("of-the-hub");
  const env: NodeJS.ProcessEnv = { ...begun.mock.calls[0]?.[2] };
  expect(env["WS_HUB_TOKEN"]).toBe(process.env["WS_HUB_TOKEN"]);
  expect(takeHandedOn(env)).toBe("of-the-hub");
  expect(takeHandedOn(env)).toBeUndefined();
  expect(Object.values(env)).not.toContain("of-the-hub");
});
