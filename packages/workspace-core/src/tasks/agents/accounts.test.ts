import { describe, expect, test } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createMemoryTaskStore } from "../../testing/memory-tasks.ts";
import { createAccounts } from "./accounts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function accountsAt() {
  const clock = createManualClock();
  const store = createMemoryTaskStore();
  const boot = () => {
    const accounts = createAccounts({ store, clock });
    accounts.load();
    return accounts;
  };
  const accounts = boot();
  /** Meets its limit as often, each time as soon as the last one was over; for how many minutes each held. */
  const meets = (times: number, until: () => number | undefined, of = accounts): number[] =>
    Array.from({ length: times }, () => {
      const held = of.meet("claude:a", until()).until - clock.now();
      clock.advance(held);
      return held / MINUTE;
    });
  return { clock, store, accounts, boot, meets };
}

describe("an account", () => {
  test("whose tool names an instant that is past is tried after a minute, then later and later", () => {
    const { clock, meets } = accountsAt();
    const waits = meets(11, () => clock.now() - HOUR);
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
  });

  test("is held until the instant that is named, where that is later than it would be tried again", () => {
    const { clock, meets } = accountsAt();
    expect(meets(3, () => clock.now() + 5 * HOUR)).toEqual([300, 300, 300]);
    // Seconds from now, again and again, are no limit that ends.
    expect(meets(3, () => clock.now() + 1_000)).toEqual([8, 16, 32]);
  });

  test("met by many tasks at once has met its limit once, and is held until the latest instant", () => {
    const { clock, accounts } = accountsAt();
    const now = clock.now();
    const asked = [undefined, now + HOUR, now + 1, undefined, now + 2 * HOUR];
    const met = asked.map((until) => accounts.meet("claude:a", until));
    expect(met.map(({ until }) => (until - now) / MINUTE)).toEqual([15, 60, 60, 60, 120]);
    expect(met.every(({ times }) => times === 1)).toBe(true);
  });

  test("counts on over a restart of the agent, and also where something ran on for a while in between", () => {
    const { clock, boot, meets } = accountsAt();
    expect(meets(2, () => 0)).toEqual([1, 2]);
    const next = boot();
    const since = clock.now();
    clock.advance(20_000);
    expect([next.prove([{ account: "claude:a", since }]), next.held.size]).toEqual([undefined, 0]);
    expect(meets(2, () => 0, next)).toEqual([4, 8]);
  });

  test("is endless after forty times in a row, and begins anew once something ends well or somebody says so", () => {
    const { accounts, meets, store } = accountsAt();
    const isEndless = (): boolean => accounts.meet("claude:a", 0).endless;
    meets(39, () => 0);
    expect(isEndless()).toBe(false);
    accounts.tryNow("claude:a");
    expect(meets(1, () => 0)).toEqual([1]);
    meets(39, () => 0);
    expect(isEndless()).toBe(true);
    accounts.release("claude:a");
    expect([store.limits(), isEndless()]).toEqual([[], false]);
  });
});
