import { expect, test } from "vitest";

import { orAborted } from "./aborted.ts";

// A failure that nobody hears ends an agent, and fails the run of these tests.
test("a signal that has fired already cuts the work, and a later failure of the work is heard", async () => {
  const work = Promise.withResolvers<never>();
  await expect(orAborted(work.promise, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
  work.reject(new Error("too late"));
});

test("work that is done when the signal has fired already is cut all the same", async () => {
  await expect(orAborted(Promise.resolve(1), AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
});

test("what the work gives is given, and what it throws is thrown", async () => {
  const { signal } = new AbortController();
  await expect(orAborted(Promise.resolve(1), signal)).resolves.toBe(1);
  await expect(orAborted(Promise.reject(new Error("it failed")), signal)).rejects.toThrow("it failed");
});
