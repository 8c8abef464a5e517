import { expect, test } from "vitest";
import { adopt } from "./adopt.ts";

test("what was opened is closed with the stack", async () => {
  const closed: string[] = [];
  const cleanup = new AsyncDisposableStack();
  await adopt(cleanup, Promise.resolve({ [Symbol.dispose]: () => void closed.push("terminal") }));
  await adopt(cleanup, Promise.resolve({ [Symbol.asyncDispose]: async () => void closed.push("worker") }));
  expect(closed).toEqual([]);
  await cleanup.disposeAsync();
  expect(closed).toEqual(["worker", "terminal"]);
});

test("what is still being opened is waited for and closed", async () => {
  const opening = Promise.withResolvers<Disposable>();
  const closed: string[] = [];
  const cleanup = new AsyncDisposableStack();
  void adopt(cleanup, opening.promise);
  const disposal = cleanup.disposeAsync();
  opening.resolve({ [Symbol.dispose]: () => void closed.push("late") });
  await disposal;
  expect(closed).toEqual(["late"]);
});

test("what could not be opened has nothing to close, and whoever waits learns why", async () => {
  const cleanup = new AsyncDisposableStack();
  await expect(adopt(cleanup, Promise.reject<Disposable>(new Error("refused")))).rejects.toThrow("refused");
  await cleanup.disposeAsync();
});
