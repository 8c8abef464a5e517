import { expect, test } from "vitest";
import { createFetchJobs, type FetchWork, type Waiter } from "./fetch-jobs.ts";

const waiter = (workspace: Waiter["workspace"], signal = new AbortController().signal): Waiter => ({
  workspace,
  signal,
});
const namesOf = (waiters: ReadonlySet<Waiter>): string[] => [...waiters].map(({ workspace }) => workspace);

/** Work that is let through its two points by hand. */
function work(): {
  run: FetchWork;
  begun: string[][];
  signals: AbortSignal[];
  mayBegin: () => void;
  mayEnd: () => void;
} {
  const [before, after] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const begun: string[][] = [];
  const signals: AbortSignal[] = [];
  const run: FetchWork = async ({ begin, signal }) => {
    signals.push(signal);
    await before.promise;
    begun.push(namesOf(begin()));
    await after.promise;
  };
  return { run, begun, signals, mayBegin: before.resolve, mayEnd: after.resolve };
}

test("those who ask before a fetch begins share it, and who asks later has one that begins after", async () => {
  const jobs = createFetchJobs();
  const first = work();
  const second = work();
  const joined = [jobs.join("r", waiter("ws-a"), first.run), jobs.join("r", waiter("ws-b"), first.run)];
  first.mayBegin();
  await expect.poll(() => first.begun).toEqual([["ws-a", "ws-b"]]);
  const late = jobs.join("r", waiter("ws-c"), second.run);
  first.mayEnd();
  await Promise.all(joined);
  second.mayBegin();
  second.mayEnd();
  await late;
  expect(second.begun).toEqual([["ws-c"]]);
});

test("fetches of different keys have nothing to do with one another", async () => {
  const jobs = createFetchJobs();
  const [one, other] = [work(), work()];
  for (const each of [one, other]) for (const go of [each.mayBegin, each.mayEnd]) go();
  await Promise.all([jobs.join("r mine", waiter("ws-a"), one.run), jobs.join("r yours", waiter("ws-b"), other.run)]);
  expect([one.begun, other.begun]).toEqual([[["ws-a"]], [["ws-b"]]]);
});

test("one who leaves takes nobody along; the fetch is given up with the last, and shared by nobody after", async () => {
  const jobs = createFetchJobs();
  const given = work();
  const [a, b] = [new AbortController(), new AbortController()];
  const first = jobs.join("r", waiter("ws-a", a.signal), given.run);
  const second = jobs.join("r", waiter("ws-b", b.signal), given.run);
  a.abort();
  await expect(first).rejects.toMatchObject({ code: "aborted" });
  expect(given.signals[0]?.aborted).toBe(false);
  b.abort();
  await expect(second).rejects.toMatchObject({ code: "aborted" });
  expect(given.signals[0]?.aborted).toBe(true);
  const next = work();
  next.mayBegin();
  next.mayEnd();
  await jobs.join("r", waiter("ws-c"), next.run);
  expect(next.begun).toEqual([["ws-c"]]);
});

test("a failure reaches all who share it, and the next one tries again", async () => {
  const jobs = createFetchJobs();
  const failing: FetchWork = () => Promise.reject(new Error("no"));
  const failed = await Promise.allSettled([
    jobs.join("r", waiter("ws-a"), failing),
    jobs.join("r", waiter("ws-b"), failing),
  ]);
  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await expect(jobs.join("r", waiter("ws-c"), async () => undefined)).resolves.toBeUndefined();
});
