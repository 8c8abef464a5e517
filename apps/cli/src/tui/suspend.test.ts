import { expect, test } from "vitest";
import { suspend } from "./suspend.ts";

function setup() {
  const calls: string[] = [];
  const listeners = new Set<() => void>();
  return {
    calls,
    listeners,
    renderer: { suspend: () => void calls.push("suspend"), resume: () => void calls.push("resume") },
    io: {
      onContinue(listener: () => void) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}

test("where nothing stops them, the screens are drawn again", async () => {
  const { calls, listeners, renderer, io } = setup();
  expect(await suspend(renderer, io, () => calls.push("stop"))).toBe(false);
  expect(calls).toEqual(["suspend", "stop", "resume"]);
  expect(listeners.size).toBe(0);
});

test("where they were stopped, whoever hears that they go on draws them", async () => {
  const { calls, listeners, renderer, io } = setup();
  expect(await suspend(renderer, io, () => listeners.forEach((goOn) => goOn()))).toBe(true);
  expect(calls).toEqual(["suspend"]);
});
