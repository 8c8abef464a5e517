import { rmSync, symlinkSync } from "node:fs";
import type { Log } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { pathsOf, writePlace } from "./place.ts";
import { newSpec } from "./testing/lifecycle.ts";
import { createSubject, recordOf, silentLog } from "./testing/subject.ts";

test("a place that cannot be read now holds up no other, is told of once, and is taken for nothing that it may not be", async () => {
  await using subject = createSubject("none");
  const told: unknown[] = [];
  const log: Log = { ...silentLog, warn: (_message, fields) => void told.push(fields?.["workspace"]) };
  const runtime = subject.again({ log });
  const [unreadable, ended] = [newSpec(), newSpec()];
  for (const spec of [unreadable, ended]) await runtime.create(spec);
  const paths = pathsOf(subject.directory, unreadable.id);
  const record = recordOf(subject.directory, unreadable.id);
  const other = recordOf(subject.directory, ended.id);
  await writePlace(pathsOf(subject.directory, ended.id), {
    ...other,
    power: "running",
    // Higher than any process is numbered.
    holder: { pid: 2 ** 30, startTime: "1" },
  });
  rmSync(paths.file);
  // What lies at the beginning of a process's memory cannot be read: an input/output error.
  symlinkSync("/proc/self/mem", paths.file);

  expect((await runtime.list()).map(({ id }) => id)).toEqual([ended.id]);
  expect(await runtime.homes()).toEqual([ended.id]);
  const events = runtime.events(AbortSignal.timeout(5_000))[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({ type: "exited", id: ended.id });
  await expect(runtime.find(unreadable.id)).rejects.toMatchObject({ code: "internal" });
  expect(told).toEqual([unreadable.id]);

  rmSync(paths.file);
  await writePlace(paths, record);
  expect(await runtime.find(unreadable.id)).toMatchObject({ name: unreadable.name });
});
