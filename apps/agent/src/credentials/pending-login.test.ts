import { WsError } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import type { LoginProgress } from "../runtimes/forge-credentials.ts";
import { createPendingLogin } from "./pending-login.ts";

const CODE = {
  type: "code",
  userCode: "ABCD-1234",
  verificationUri: "https://forge.test/device",
  expiresAt: 1,
} as const;
const DONE = { type: "done", name: "github", host: "forge.test", login: "ada" } as const;
const REFUSED = new WsError("credential_rejected", {
  message: "Refused.",
  next: "Again.",
  data: { credential: "login" },
});

/** Each login is answered by the test. */
function setup() {
  const clock = createManualClock();
  const begun: { answer: PromiseWithResolvers<void>; signal: AbortSignal }[] = [];
  const login = createPendingLogin({
    clock,
    closing: new AbortController().signal,
    async *begin(signal): AsyncGenerator<LoginProgress> {
      const answer = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => answer.reject(signal.reason));
      begun.push({ answer, signal });
      yield CODE;
      await answer.promise;
      yield DONE;
    },
  });
  const look = () => {
    const gone = new AbortController();
    const stream = login.join(gone.signal);
    return { gone, next: async () => (await stream.next()).value };
  };
  return { clock, begun, login, look };
}

test("Who comes back finds the same code, also after it was answered, and the next login is another one", async () => {
  const { begun, look } = setup();
  const [first, second] = [look(), look()];
  expect([await first.next(), await second.next()]).toEqual([CODE, CODE]);
  const waiting = [first.next(), second.next()].map((next) => next.catch(({ code }: WsError) => code));
  first.gone.abort();
  second.gone.abort();
  expect(await Promise.all(waiting)).toEqual(["aborted", "aborted"]);
  begun[0]?.answer.resolve();
  const third = look();
  expect([await third.next(), await third.next(), await third.next()]).toEqual([CODE, DONE, undefined]);
  expect(begun).toHaveLength(1);
  await look().next();
  expect(begun).toHaveLength(2);
});

test("One that nobody looks at for a minute is cancelled; one that somebody looks at is not", async () => {
  const { clock, begun, look } = setup();
  const first = look();
  await first.next();
  clock.advance(60_000);
  expect(begun[0]?.signal.aborted).toBe(false);
  const waiting = first.next().catch(() => undefined);
  first.gone.abort();
  await waiting;
  clock.advance(59_999);
  const back = look();
  await back.next();
  clock.advance(60_000);
  await Promise.resolve();
  expect(begun[0]?.signal.aborted).toBe(false);
  const left = back.next().catch(() => undefined);
  back.gone.abort();
  await left;
  clock.advance(60_000);
  await expect.poll(() => begun[0]?.signal.aborted).toBe(true);
});

test("A cancelled one ends for all who look, and its code is not met again", async () => {
  const { begun, login, look } = setup();
  const first = look();
  await first.next();
  const waiting = first.next();
  expect(login.cancel()).toBe(true);
  await expect(waiting).rejects.toThrow();
  expect([begun[0]?.signal.aborted, login.cancel()]).toEqual([true, false]);
  await look().next();
  expect(begun).toHaveLength(2);
});

test("What it ends with is told to whoever looks next, once", async () => {
  const { begun, look } = setup();
  const first = look();
  await first.next();
  begun[0]?.answer.reject(REFUSED);
  await expect(first.next()).rejects.toBe(REFUSED);
  expect(await look().next()).toEqual(CODE);
  expect(begun).toHaveLength(2);
});
