import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createFakeTerminals } from "../testing/fake-terminals.ts";
import { createHubs } from "./hubs.ts";

test("Once it is disposed of, no screen waits for its viewer and holds the process back from ending", async () => {
  const terminals = createFakeTerminals(1024, true);
  const manual = createManualClock();
  let sleeping = 0;
  const hubs = createHubs({
    ...manual,
    async sleep(ms, signal) {
      sleeping += 1;
      await manual.sleep(ms, signal).finally(() => (sleeping -= 1));
    },
  });
  const size = { cols: 80, rows: 24 };
  const hub = await hubs.attach({
    workspace: "ws-1",
    terminals: async () => terminals,
    terminal: "main",
    create: true,
    size,
  });
  hub.join({ size, knows: size, resized: () => undefined })();
  expect(sleeping).toBeGreaterThan(0);
  hubs[Symbol.dispose]();
  await expect.poll(() => sleeping).toBe(0);
});

test("A terminal whose only viewer went away before it could join is not read for ever", async () => {
  const terminals = createFakeTerminals(1024, true);
  const clock = createManualClock();
  const reading: (AbortSignal | undefined)[] = [];
  using hubs = createHubs(clock);
  const size = { cols: 80, rows: 24 };
  await hubs.attach({
    workspace: "ws-1",
    terminals: async () => ({
      ...terminals,
      read(id, from, signal) {
        reading.push(signal);
        return terminals.read(id, from, signal);
      },
    }),
    terminal: "main",
    create: true,
    size,
  });
  expect(reading.map((signal) => signal?.aborted)).toEqual([false]);
  clock.advance(10 * 60_000);
  await expect.poll(() => reading.map((signal) => signal?.aborted)).toEqual([true]);
});
