import { expect, test } from "vitest";
import { addFailingLink } from "../testing/failing-link.ts";
import { manualTimers } from "../testing/index.ts";
import { createConnection } from "./connection.ts";
import type { Attempt } from "./link.ts";
import type { ConnectionState } from "./state.ts";

/** Links whose attempts a test answers. */
function setup(random = () => 0.5) {
  const timers = manualTimers();
  let wake = (): void => undefined;
  let isAwake = false;
  const connection = createConnection({
    timers,
    random,
    wake(listener) {
      isAwake = true;
      wake = listener;
      return () => void (isAwake = false);
    },
  });
  const states: ConnectionState[] = [];
  connection.subscribe(() => states.push(connection.state()));
  const add = () => {
    const attempts: Attempt[] = [];
    let givenUp = 0;
    const stops: string[] = [];
    const link = connection.link({
      open(attempt) {
        attempts.push(attempt);
        return () => void (givenUp += 1);
      },
      stopped: (reason) => stops.push(reason),
    });
    return { link, attempts, stops, last: () => attempts.at(-1) as Attempt, givenUp: () => givenUp };
  };
  return { timers, connection, states, add, wake: () => wake(), isAwake: () => isAwake };
}

test("It is connecting until the agent answers, and then up", () => {
  const { add, connection, timers } = setup();
  const one = add();
  expect(connection.state()).toEqual({ kind: "connecting" });
  expect(connection.heardAt()).toBeUndefined();
  timers.advance(20);
  one.last().up();
  expect(connection.state()).toEqual({ kind: "up", since: 20 });
  expect(connection.heardAt()).toBe(20);
});

test("An outage says since when, why, when the next attempt is and when the agent was last heard", () => {
  const { add, connection, timers } = setup();
  const one = add();
  one.last().up();
  timers.advance(60_000);
  connection.heard();
  timers.advance(9_000);
  one.last().lost({ cause: "silent" });
  const down = { kind: "down", since: 69_000, cause: "silent", attempts: 1, heardAt: 60_000, problem: undefined };
  expect(connection.state()).toEqual({ ...down, nextTryAt: 69_175 });
  timers.advance(175);
  expect(connection.state()).toEqual({ ...down, nextTryAt: undefined });
  one.last().lost({ cause: "unreachable" });
  expect(connection.state()).toMatchObject({ since: 69_000, cause: "unreachable", attempts: 2, nextTryAt: 70_175 });
});

test("Of several that were lost one asks at a time, and all follow it within a moment", () => {
  const { add, timers, connection } = setup();
  const all = [add(), add(), add(), add(), add()];
  for (const one of all) one.last().up();
  timers.advance(60_000);
  for (const one of all) one.last().lost({ cause: "dropped" });
  const tries = () => all.reduce((sum, { attempts }) => sum + attempts.length, 0);
  for (let round = 1; round <= 20; round += 1) {
    timers.advance(1_000);
    expect(tries()).toBe(5 + round);
    for (const one of all) one.last().lost({ cause: "unreachable" });
  }
  timers.advance(1_000);
  for (const one of all) one.last().up();
  expect(connection.state().kind).toBe("up");
  timers.advance(300);
  expect(tries()).toBe(5 + 21 + 4);
});

test("The jitter keeps those that follow apart", () => {
  let next = 0;
  const { add, timers } = setup(() => (next = (next + 0.37) % 1));
  const all = [add(), add(), add(), add()];
  for (const one of all) one.last().up();
  timers.advance(60_000);
  for (const one of all) one.last().lost({ cause: "dropped" });
  timers.advance(300);
  all.forEach((one) => one.attempts.length === 2 && one.last().up());
  const seen = new Set<number>();
  for (let ms = 0; ms <= 300; ms += 1) {
    const before = all.map(({ attempts }) => attempts.length);
    timers.advance(1);
    if (all.some(({ attempts }, at) => attempts.length !== before[at])) seen.add(ms);
  }
  expect(seen.size).toBe(3);
});

test("One that broke while others stand comes back by itself, and nothing is said to be down", () => {
  const { add, timers, connection, states } = setup();
  const [one, other] = [add(), add()];
  one.last().up();
  other.last().up();
  one.last().lost({ cause: "dropped" });
  expect(connection.state().kind).toBe("up");
  timers.advance(300);
  expect(one.attempts).toHaveLength(2);
  one.last().up();
  expect(states.map(({ kind }) => kind)).toEqual(["up"]);
});

test("What the agent refused for now waits alone, and the others do not wait with it", () => {
  const { add, timers, connection } = setup();
  const [one, other] = [add(), add()];
  one.last().lost({ cause: "unreachable" });
  other.last().lost({ cause: "unreachable" });
  timers.advance(175);
  const problem = { code: "engine_unreachable", message: "Docker does not answer." };
  one.last().lost({ cause: "overloaded", alone: true, problem });
  timers.advance(150);
  expect(other.attempts).toHaveLength(2);
  expect(connection.state()).toMatchObject({ kind: "down", problem, nextTryAt: undefined });
  other.last().up();
  expect(connection.state().kind).toBe("up");
  expect(one.attempts).toHaveLength(2);
  timers.advance(1_500);
  expect(one.attempts).toHaveLength(3);
});

test("An attempt that nobody answers is given up and does not count any more", () => {
  const { add, timers, connection } = setup();
  const one = add();
  const first = one.last();
  timers.advance(15_000);
  expect(one.givenUp()).toBe(1);
  expect(connection.state()).toMatchObject({ kind: "down", cause: "unreachable" });
  first.up();
  expect(connection.state().kind).toBe("down");
  timers.advance(175);
  first.lost({ cause: "dropped" });
  one.last().up();
  first.lost({ cause: "dropped" });
  expect(connection.state().kind).toBe("up");
});

test("It never gives up", () => {
  const { add, timers } = setup();
  const one = add();
  for (let round = 0; round < 1_000; round += 1) {
    one.last().lost({ cause: "unreachable" });
    timers.advance(10_000);
  }
  expect(one.attempts.length).toBeGreaterThan(1_000);
});

test("A nudge and a change of the network end the wait; an attempt that may still be answered stays", () => {
  const { add, timers, connection, wake } = setup();
  const one = add();
  connection.retryNow();
  expect(one.attempts).toHaveLength(1);
  one.last().lost({ cause: "unreachable" });
  connection.retryNow();
  expect(one.attempts).toHaveLength(2);
  timers.advance(2_000);
  connection.retryNow();
  expect(one.attempts).toHaveLength(2);
  // Whatever was begun over a network that is gone is not answered.
  wake();
  expect(one.attempts).toHaveLength(3);
  timers.advance(3_001);
  connection.retryNow();
  expect(one.attempts).toHaveLength(4);
  expect(one.givenUp()).toBe(3);
  one.last().up();
  wake();
  connection.retryNow();
  expect(one.attempts).toHaveLength(4);
});

test("What breaks again and again as soon as it is back is tried ever more slowly", () => {
  const { add, timers } = setup();
  const one = add();
  for (let ms = 0; ms < 600_000; ms += 100) {
    timers.advance(100);
    one.last().up();
    one.last().lost({ cause: "dropped" });
  }
  expect(one.attempts.length).toBeLessThan(300);
});

test("A refused token stops everything and says why; what is opened with another one begins anew", () => {
  const { add, timers, connection } = setup();
  const [one, other] = [add(), add()];
  one.last().up();
  other.last().lost({ cause: "dropped" });
  const problem = { code: "unauthorized", message: "The token was revoked.", next: "ws token create NAME" };
  connection.stop("revoked", problem);
  expect(connection.state()).toEqual({ kind: "stopped", reason: "revoked", problem });
  expect([one.stops, other.stops]).toEqual([["revoked"], ["revoked"]]);
  expect(timers.pending()).toBe(0);
  connection.retryNow();
  timers.advance(600_000);
  expect(other.attempts).toHaveLength(1);
  const again = add();
  expect(connection.state()).toEqual({ kind: "connecting" });
  again.last().up();
  expect(connection.state().kind).toBe("up");
});

test("Where the one that asks for all is closed, the next asks", () => {
  const { add, timers } = setup();
  const [one, other] = [add(), add()];
  one.last().lost({ cause: "unreachable" });
  other.last().lost({ cause: "unreachable" });
  timers.advance(175);
  expect(one.attempts.length + other.attempts.length).toBe(3);
  const asking = one.attempts.length === 2 ? one : other;
  asking.link.close();
  expect(one.attempts.length + other.attempts.length).toBe(4);
});

test("Closing leaves neither timer nor listener", () => {
  const { add, timers, connection, isAwake } = setup();
  const [one, other, third] = [add(), add(), add()];
  one.last().up();
  other.last().lost({ cause: "dropped" });
  expect(isAwake()).toBe(true);
  connection.close();
  expect(isAwake()).toBe(false);
  expect(timers.pending()).toBe(0);
  expect([one.givenUp(), third.givenUp()]).toEqual([1, 1]);
  one.link.close();
  expect(connection.state()).toEqual({ kind: "connecting" });
});

test("One that fails while it is being opened is tried again", () => {
  const { timers, connection } = setup();
  const tries = addFailingLink(connection);
  timers.advance(175);
  expect(tries()).toBe(2);
});

test("Once somebody answered, an attempt may take its time, and no key ends it", () => {
  const { timers, connection, add } = setup();
  const slow = add();
  slow.last().answered();
  timers.advance(60_000);
  connection.retryNow();
  expect(slow.givenUp()).toBe(0);
  slow.last().up();
  expect(connection.state().kind).toBe("up");
});

test("While nothing answers, attempts are short: the system below asks again ever more rarely", () => {
  const { timers, add } = setup();
  const one = add();
  one.last().up();
  timers.advance(60_000);
  one.last().lost({ cause: "silent" });
  const begun: number[] = [];
  for (let ms = 0, seen = 1; ms < 120_000; ms += 100) {
    timers.advance(100);
    if (one.attempts.length > seen) begun.push(ms);
    seen = one.attempts.length;
  }
  const gaps = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
  expect(Math.max(...gaps.slice(0, 7))).toBeLessThanOrEqual(6_500);
  expect(Math.max(...gaps)).toBeGreaterThan(8_000);
});
