import type { WorkspaceRecord } from "@ws/workspace-core";
import { createManualClock, newRecord } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { keepUsage } from "./keep-usage.ts";

test("What fails once, as on a full disk, ends neither the looking nor the tidying", async () => {
  const clock = createManualClock();
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const record: WorkspaceRecord = { ...newRecord("demo"), lastUsedAt: clock.now() };
  const done: string[] = [];
  const fails = new Set(["read", "tidy"]);
  const attempt = async (what: string): Promise<void> => {
    done.push(what);
    if (fails.delete(what)) throw new Error("The disk is full.");
  };
  keepUsage({
    state: { usage: { said: () => undefined, tidy: () => attempt("tidy") }, workspaces: { get: () => undefined } },
    workspaces: async () => ({ list: () => [record], find: () => record, readUsage: () => attempt("read") }),
    tasks: async () => ({ async *changes() {} }),
    clock,
    log: createSilentLog(),
    signal: ended.signal,
  });
  await clock.idle();
  // A minute until it begins, five to the next look, and a day to the next tidying.
  clock.advance(60_000);
  await clock.idle();
  expect(done).toEqual(["read", "tidy"]);
  for (let round = 1; round <= 288; round += 1) {
    clock.advance(300_000);
    await clock.idle();
  }
  expect(done.filter((what) => what === "tidy")).toHaveLength(2);
  expect(done.filter((what) => what === "read").length).toBeGreaterThan(100);
});
