import { type WatchBatch, watchDirectory } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { finish, realClock } from "./testing/subject.ts";
import { openPlace } from "./testing/suites.ts";

test("where there are more directories than may be watched, what lies in the others shows after some seconds, and it is said why", async () => {
  await using place = await openPlace("none");
  const { box } = place;
  const root = box.repositoryDirectory("x");
  await finish(box, ["sh", "-c", 'cd "$1" && mkdir -p a/b/c/d e/f/g', "sh", root]);
  const abort = new AbortController();
  const run: typeof box.run = (argv, options) => box.run(argv, options);
  const batches = watchDirectory({ run, clock: realClock, most: 3, slowMs: 1_000 }, root, { signal: abort.signal });
  const next = async (): Promise<WatchBatch | undefined> => (await batches.next()).value ?? undefined;
  const slow = expect.stringContaining("more directories");
  expect(await next()).toEqual({ resync: true, slow });
  await box.files.write(`${root}/seen`, Buffer.from("x"));
  const told: string[] = [];
  for (let resyncs = 0; resyncs < 2;) {
    const batch = await next();
    if (batch !== undefined && "paths" in batch) told.push(...batch.paths);
    else if (batch !== undefined) {
      expect(batch).toEqual({ resync: true, slow });
      resyncs += 1;
    }
  }
  expect(told).toContain("seen");
  abort.abort();
  expect(await next()).toBe(undefined);
});
