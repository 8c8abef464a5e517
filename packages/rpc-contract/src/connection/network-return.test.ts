import { expect, test } from "vitest";
import { manualTimers } from "../testing/index.ts";
import { createConnection } from "./connection.ts";
import type { Attempt } from "./link.ts";

/** When the system asks a host that does not answer, in milliseconds from the first time: Linux before 6.5, which is the slower. */
const ASKED_AT = [0, 1_000, 3_000, 7_000];
const OUTAGE_MS = 1_200_000;

test.each([0, 0.5, 1])(
  "Whenever a network comes back, the agent is asked within nine seconds (jitter %f)",
  (jitter) => {
    const timers = manualTimers();
    const connection = createConnection({ timers, random: () => jitter });
    const asked: number[] = [];
    let attempt: Attempt | undefined;
    connection.link({
      open(begun) {
        attempt = begun;
        const begunAt = timers.now();
        return () => asked.push(...ASKED_AT.map((ms) => begunAt + ms).filter((at) => at < timers.now()));
      },
    });
    attempt?.up();
    timers.advance(60_000);
    attempt?.lost({ cause: "silent" });
    // Those were answered.
    asked.length = 0;
    timers.advance(OUTAGE_MS);
    const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(asked.length).toBeGreaterThan(200);
    expect(Math.max(...gaps)).toBeLessThan(9_000);
  },
);
