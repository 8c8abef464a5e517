import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openPullRequest } from "./example.ts";

test("the README's example of a forge opens one pull request", async () => {
  const say = (): void => undefined;
  const log = { debug: say, info: say, warn: say, error: say };
  const clock = {
    now: Date.now,
    monotonic: () => performance.now(),
    sleep: (ms: number, signal?: AbortSignal) => sleep(ms, undefined, { signal }),
  };
  expect(await openPullRequest(clock, log)).toMatch(/\/octo-org\/app\/pull\/1$/);
});
