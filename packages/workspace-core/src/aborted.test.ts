import { expect, onTestFinished, test } from "vitest";

import { orAborted } from "./aborted.ts";

test("a signal that has fired already cuts the work, and a later failure of the work is nobody's surprise", async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown): void => void unheard.push(reason);
  process.on("unhandledRejection", hear);
  onTestFinished(() => void process.off("unhandledRejection", hear));
  const work = Promise.withResolvers<never>();
  await expect(orAborted(work.promise, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
  work.reject(new Error("too late"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(unheard).toEqual([]);
});

test("work that is done when the signal has fired already is cut all the same", async () => {
  await expect(orAborted(Promise.resolve(1), AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
});

test("what the work gives is given, and what it throws is thrown", async () => {
  const { signal } = new AbortController();
  await expect(orAborted(Promise.resolve(1), signal)).resolves.toBe(1);
  await expect(orAborted(Promise.reject(new Error("it failed")), signal)).rejects.toThrow("it failed");
});
