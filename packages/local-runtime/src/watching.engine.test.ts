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

test("what was moved out while so much happened that the kernel told of nothing more is watched no longer, and what came is", async () => {
  await using place = await openPlace("none");
  const { box } = place;
  const root = box.repositoryDirectory("x");
  const outside = `${box.home}/outside`;
  const sh = (code: string) => finish(box, ["sh", "-c", code, "sh", root, outside]);
  await sh('mkdir -p "$1/moved/deep" "$1/kept" "$2/come/deep"');
  const abort = new AbortController();
  const batches = box.watch(root, { signal: abort.signal })[Symbol.asyncIterator]();
  const next = async (): Promise<WatchBatch | undefined> => (await batches.next()).value ?? undefined;
  expect(await next()).toEqual({ resync: true });
  // The kernel says by inode what a process watches.
  const watchers = async (path: string): Promise<string[]> =>
    (await sh(`grep -ls "$(printf 'ino:%x ' "$(stat -c %i "${path}")")" /proc/[0-9]*/fdinfo/* 2>/dev/null`)).stdout
      .split("\n")
      .slice(0, -1);
  const [watcher = ""] = await watchers(root);
  const pid = watcher.split("/")[2] ?? "";
  await sh(`kill -STOP ${pid}`);
  await finish(box, ["perl", "-e", MANY, `${root}/kept`]);
  await sh('mv "$1/moved" "$2/moved" && mv "$2/come" "$1/come"');
  await sh(`kill -CONT ${pid}`);
  for (let batch = await next(); batch !== undefined && !("resync" in batch);) batch = await next();
  for (const path of ["$2/moved", "$2/moved/deep"]) await expect.poll(() => watchers(path)).toEqual([]);
  for (const path of ["$1/come", "$1/come/deep", "$1/kept"]) await expect.poll(() => watchers(path)).toHaveLength(1);
  abort.abort();
});

/** More than the kernel keeps for a reader that does not read. */
const MANY = `
open my $limit, "<", "/proc/sys/fs/inotify/max_queued_events" or die;
for my $i (1 .. int(<$limit>)) { open my $f, ">", "$ARGV[0]/$i"; close $f; unlink "$ARGV[0]/$i" }
`;
