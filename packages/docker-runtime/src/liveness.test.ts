import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { createLiveness, PING_INTERVAL_MS, PING_TIMEOUT_MS } from "./liveness.ts";

/** Lets everything run that does not wait for the clock. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("liveness", () => {
  test("notices a silent engine within five seconds (an engine that is cut off without a reset)", async () => {
    expect(PING_INTERVAL_MS + PING_TIMEOUT_MS).toBeLessThan(5_000);
    const clock = createManualClock();
    const liveness = createLiveness({ clock, ping: () => new Promise(() => undefined) });
    let silent = 0;
    using _ = liveness.watch(() => silent++);
    clock.advance(PING_INTERVAL_MS);
    await settle();
    expect(silent).toBe(0);
    clock.advance(PING_TIMEOUT_MS);
    await settle();
    expect(silent).toBe(1);
  });

  test("leaves an engine that answers alone, and pings only while somebody waits", async () => {
    const clock = createManualClock();
    let pings = 0;
    const liveness = createLiveness({ clock, ping: async () => void pings++ });
    let silent = 0;
    const watch = liveness.watch(() => silent++);
    for (let turn = 0; turn < 3; turn++) {
      clock.advance(PING_INTERVAL_MS);
      await settle();
    }
    expect(pings).toBe(3);
    watch[Symbol.dispose]();
    clock.advance(PING_INTERVAL_MS * 5);
    await settle();
    expect({ pings, silent }).toEqual({ pings: 3, silent: 0 });
  });
});
