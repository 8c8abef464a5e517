import fc from "fast-check";
import { expect, test } from "vitest";
import { manualTimers } from "../testing/index.ts";
import { createConnection } from "./connection.ts";
import { ConnectionStoppedError, follow, type FollowOptions } from "./follow.ts";
import { SilentStreamError } from "./watch-stream.ts";

interface Event {
  id: string;
  text: string;
}

/** Lets everything run that waits for nothing. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

/** A client's rejection, as the RPC library has it. */
function refusal(status: number, code: string, details?: Record<string, unknown>): Error {
  return Object.assign(new Error(`It is ${code}.`), { code: code.toUpperCase(), status, data: { code, details } });
}

function setup(given: Partial<FollowOptions<Event>> & Pick<FollowOptions<Event>, "open">) {
  const timers = manualTimers();
  const connection = createConnection({ timers, random: () => 0.5 });
  const leaving = new AbortController();
  const taken: string[] = [];
  const over = follow<Event>({
    connection,
    idOf: ({ id }) => id,
    onEvent: ({ text }) => void taken.push(text),
    signal: leaving.signal,
    ...given,
  });
  over.catch(() => undefined);
  return { timers, connection, taken, over, leave: () => leaving.abort() };
}

async function* events(...texts: string[]): AsyncGenerator<Event> {
  for (const text of texts) yield { id: text, text };
}

test("However it is cut, refused or ended, every byte comes once and in order", async () => {
  const fault = fc.record({
    // Half of the attempts reach nobody, as with a network that comes and goes.
    refused: fc.boolean(),
    after: fc.nat(40),
    how: fc.constantFrom("cut", "silent", "ended", "busy", "starting"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 30 }), fc.integer({ min: 1, max: 200 }), async (faults, size) => {
      const log = Array.from({ length: size }, (_, at) => ({ id: String(at + 1), text: `${at} ` }));
      const left = [...faults];
      let opened = 0;
      const { timers, taken, over } = setup({
        async open(_signal, after) {
          opened += 1;
          const next = left.shift();
          if (next?.refused === true) throw new TypeError("fetch failed");
          if (next?.how === "starting") throw refusal(503, "starting");
          return (async function* () {
            const from = Number(after ?? 0);
            yield* log.slice(from, next === undefined ? undefined : from + next.after);
            if (next?.how === "cut") throw new TypeError("terminated");
            if (next?.how === "silent") throw new SilentStreamError();
            if (next?.how === "busy") throw refusal(412, "engine_unreachable");
          })();
        },
        isOver: async () => taken.length === size,
      });
      let isOver = false;
      void over.then(() => (isOver = true));
      while (!isOver) {
        await turn();
        timers.advance(1_000);
      }
      expect(taken.join("")).toBe(log.map(({ text }) => text).join(""));
      expect(opened).toBeLessThanOrEqual(faults.length + 1);
      expect(timers.pending()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test("What is being taken when it breaks is taken once", async () => {
  const slow = Promise.withResolvers<void>();
  const asked: (string | undefined)[] = [];
  const { timers, over } = setup({
    async open(_signal, after) {
      asked.push(after);
      if (after !== undefined) return events();
      return (async function* () {
        yield { id: "1", text: "one" };
        throw new TypeError("terminated");
      })();
    },
    onEvent: () => slow.promise,
    isOver: async () => true,
  });
  await turn();
  timers.advance(60_000);
  expect(asked).toEqual([undefined]);
  slow.resolve();
  await turn();
  timers.advance(1_000);
  await over;
  expect(asked).toEqual([undefined, "1"]);
});

test("An end that is none is the agent going away", async () => {
  const losses: unknown[] = [];
  const { timers, connection, leave, over } = setup({
    open: async () => events("a"),
    onLost: (loss) => losses.push(loss),
  });
  await turn();
  expect(connection.state()).toMatchObject({ kind: "down", cause: "going_away" });
  timers.advance(300);
  await turn();
  expect(losses).toEqual([{ cause: "going_away" }, { cause: "going_away" }]);
  leave();
  await over;
  expect(timers.pending()).toBe(0);
});

test.each([
  ["revoked", { reason: "revoked" }],
  ["expired", { reason: "expired" }],
  ["unknown", { reason: "unknown" }],
  ["missing", { reason: "missing" }],
  ["unknown", undefined],
  ["unknown", { reason: "toString" }],
] as const)("A token that is %s ends it at once, for all that is open", async (reason, details) => {
  const error = refusal(401, "unauthorized", details);
  const { connection, over, timers } = setup({ open: () => Promise.reject(error) });
  const other = follow({
    connection,
    open: () => Promise.reject(new TypeError("fetch failed")),
    onEvent: () => undefined,
    signal: new AbortController().signal,
  });
  await expect(over).rejects.toBe(error);
  expect(connection.state()).toMatchObject({ kind: "stopped", reason, problem: { code: "unauthorized" } });
  await expect(other).rejects.toThrow(ConnectionStoppedError);
  expect(timers.pending()).toBe(0);
});

test("A token that ends while a stream is open is told when it is opened again, with the one that there is by then", async () => {
  let opened = 0;
  const { timers, taken, leave, over } = setup({
    async open() {
      opened += 1;
      return (async function* () {
        yield { id: String(opened), text: `token ${opened}` };
        if (opened === 1) throw refusal(401, "unauthorized", { reason: "revoked" });
      })();
    },
    isOver: async () => opened === 2,
  });
  await turn();
  timers.advance(300);
  await over;
  expect(taken).toEqual(["token 1", "token 2"]);
  leave();
});

test.each([400, 403, 404])("An answer of %i ends this one only", async (status) => {
  const error = refusal(status, "no_such_thing");
  const { over, connection } = setup({ open: () => Promise.reject(error) });
  await expect(over).rejects.toBe(error);
  expect(connection.state()).toEqual({ kind: "connecting" });
});

test("Where nobody answers the first time, it says so if it was asked to; later it waits", async () => {
  const error = new TypeError("fetch failed");
  const first = setup({ open: () => Promise.reject(error), failAtFirst: true });
  await expect(first.over).rejects.toBe(error);
  let attempts = 0;
  const second = setup({
    open: async () => ((attempts += 1) === 1 ? events("a") : Promise.reject(error)),
    failAtFirst: true,
  });
  await turn();
  second.timers.advance(1_000);
  await turn();
  second.timers.advance(2_000);
  await turn();
  expect(attempts).toBe(3);
  second.leave();
  await second.over;
});

test("What fails while an event is taken is the caller's, and is not tried again", async () => {
  const full = new Error("No space left on device");
  let opened = 0;
  const { over, timers } = setup({
    open: async () => events(String((opened += 1))),
    onEvent: () => Promise.reject(full),
  });
  await expect(over).rejects.toBe(full);
  timers.advance(60_000);
  expect(opened).toBe(1);
});

test("A stream that answers after it was given up is closed and not read", async () => {
  const late = Promise.withResolvers<AsyncIterable<Event>>();
  let closed = false;
  let attempts = 0;
  const { timers, taken, leave, over } = setup({
    open: () => ((attempts += 1) === 1 ? late.promise : Promise.reject(new TypeError("fetch failed"))),
  });
  await turn();
  timers.advance(15_000);
  late.resolve({
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value: { id: "1", text: "late" } }),
      return: async () => ({ done: (closed = true), value: undefined }),
    }),
  });
  await turn();
  expect({ taken, closed }).toEqual({ taken: [], closed: true });
  leave();
  await over;
});

test("Nothing is opened where it was not wanted any more", async () => {
  let opened = 0;
  const connection = createConnection({ timers: manualTimers() });
  const open = async () => events(String((opened += 1)));
  await follow({ connection, open, onEvent: () => undefined, signal: AbortSignal.abort() });
  expect(opened).toBe(0);
});
