import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { createUsageHistoryStore } from "./usage-history-store.ts";

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 4, 1, 12);

function setUp() {
  const directory = tempDir();
  const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  onTestFinished(() => {
    db.close();
    directory[Symbol.dispose]();
  });
  const count = (table: string): number => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
  return { store: createUsageHistoryStore(db), again: () => createUsageHistoryStore(db), count };
}

test("an hour is what was measured in it, of that workspace alone, and what was not known is not there", () => {
  const { store, again } = setUp();
  store.append(
    [
      { id: "ws-a", at: NOON, memoryBytes: 10 },
      { id: "ws-b", at: NOON, cpuPercent: 90 },
      { id: "ws-a", at: NOON + 10_000, cpuPercent: 12.5, memoryBytes: 20, processes: 3, diskBytes: 4_096 },
    ],
    NOON + 10_000,
  );
  const expected = [
    { at: NOON, memoryBytes: 10 },
    { at: NOON + 10_000, cpuPercent: 12.5, memoryBytes: 20, processes: 3, diskBytes: 4_096 },
  ];
  expect(store.hour("ws-a", NOON + MINUTE)).toEqual(expected);
  expect(again().hour("ws-a", NOON + MINUTE)).toEqual(expected);
  expect(store.hour("ws-a", NOON + 60 * MINUTE)).toEqual(expected.slice(1));
});

test("a day has the mean and the peak of each five minutes, also where they were written in pieces", () => {
  const { store } = setUp();
  store.append([{ id: "ws-a", at: NOON, cpuPercent: 10, memoryBytes: 100, processes: 1 }], NOON);
  store.append([{ id: "ws-a", at: NOON + MINUTE, cpuPercent: 50, memoryBytes: 300, processes: 4 }], NOON + MINUTE);
  store.append([{ id: "ws-a", at: NOON + 5 * MINUTE, memoryBytes: 7, diskBytes: 9 }], NOON + 5 * MINUTE);
  expect(store.day("ws-a", NOON + 6 * MINUTE)).toEqual([
    {
      at: NOON,
      cpuPercent: 30,
      cpuPeakPercent: 50,
      memoryBytes: 200,
      memoryPeakBytes: 300,
      processes: 3,
      processesPeak: 4,
    },
    { at: NOON + 5 * MINUTE, memoryBytes: 7, memoryPeakBytes: 7, diskBytes: 9 },
  ]);
});

test("no more is kept than a day, however long it goes on, and nothing of a future that a clock was set back from", () => {
  const { store, count } = setUp();
  store.append([{ id: "ws-a", at: NOON + 90 * 24 * 60 * MINUTE, cpuPercent: 1 }], NOON + 90 * 24 * 60 * MINUTE);
  for (let minute = 0; minute < 26 * 60; minute += 1) {
    const at = NOON + minute * MINUTE;
    store.append([{ id: "ws-a", at, cpuPercent: minute }], at);
  }
  const now = NOON + (26 * 60 - 1) * MINUTE;
  expect(store.hour("ws-a", now)).toHaveLength(60);
  expect(store.day("ws-a", now)).toHaveLength(288);
  expect(count("resource_samples")).toBeLessThanOrEqual(66);
  expect(count("resource_spans")).toBeLessThanOrEqual(290);
  // What is summed up last was whole: samples of it that went out of the hour are not missing in it.
  expect(
    store.day("ws-a", now).map(({ cpuPercent, cpuPeakPercent }) => (cpuPeakPercent ?? 0) - (cpuPercent ?? 0)),
  ).toEqual(Array.from({ length: 288 }, () => 2));
});
