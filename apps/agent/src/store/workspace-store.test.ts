import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { WorkspaceRecord } from "@ws/workspace-core";
import { newRecord, storeSuite } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { keepWritable } from "./keep-writable.ts";
import { createSeal } from "./seal.ts";
import { createWorkspaceStore } from "./workspace-store.ts";

const key = randomBytes(32);
const seal = createSeal(() => key);
const record = newRecord("demo", { id: "ws-a", phase: "ready", power: "running" });

storeSuite("the SQLite store", async () => {
  const directory = tempDir();
  const redactor = createRedactor();
  const open = () => openDatabase(join(directory.path, "state.db"), createSilentLog());
  let db = open();
  return {
    store: createWorkspaceStore(db, { redactor, log: createSilentLog(), seal }),
    async reopen() {
      db.close();
      db = open();
      return createWorkspaceStore(db, { redactor, log: createSilentLog(), seal });
    },
    async [Symbol.asyncDispose]() {
      db.close();
      directory[Symbol.dispose]();
    },
  };
});

describe("the SQLite store's log", () => {
  test("keeps the newest lines and stays bounded", () => {
    using directory = tempDir();
    const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
    const store = createWorkspaceStore(db, { redactor: createRedactor(), log: createSilentLog(), seal });
    db.exec("PRAGMA synchronous = OFF");
    for (let line = 0; line < 6_000; line += 1) {
      store.appendLog("ws-a", { at: line, source: "script", line: String(line) });
    }
    expect(store.readLog("ws-a", 2).map(({ line }) => line)).toEqual(["5998", "5999"]);
    expect(store.readLog("ws-a")).toHaveLength(5_000);
    const { count } = db.prepare("SELECT count(*) AS count FROM workspace_log").get() as { count: number };
    expect(count).toBeLessThanOrEqual(5_500);
    db.close();
  });

  test("never holds a known secret (Coder CVE-2025-66411)", () => {
    using directory = tempDir();
    const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
    const redactor = createRedactor();
    const secret = `canary-${Math.random()}`;
    redactor.add(secret);
    const store = createWorkspaceStore(db, { redactor, log: createSilentLog(), seal });
    store.appendLog("ws-a", { at: 1, source: "script", line: `token=${secret}` });
    expect(store.readLog("ws-a")[0]?.line).toBe("token=[redacted]");
    db.close();
  });
});

test("what a workspace was given is secret until some minutes after it is gone, and then takes no memory any more", () => {
  using directory = tempDir();
  using db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  const redactor = createRedactor();
  const store = createWorkspaceStore(db, { redactor, log: createSilentLog(), seal });
  const secret = randomBytes(12).toString("hex");
  const of = (name: string, updatedAt: number, more: Partial<WorkspaceRecord>): WorkspaceRecord => ({
    ...record,
    id: `ws-${name}`,
    name,
    updatedAt,
    ...more,
  });
  store.insert(of("one", 0, { env: { TOKEN: secret } }));
  store.insert(of("other", 0, {}));
  store.update(of("one", 1_000, { phase: "cleaned_up", power: "stopped" }));
  store.update(of("other", 60_000, {}));
  expect([redactor.clean(secret, "ws-one"), redactor.clean(secret, "all")]).toEqual(["[redacted]", "[redacted]"]);
  store.update(of("other", 3_600_000, {}));
  expect(redactor.clean(secret, "all")).toBe(secret);
});

test("what a workspace was given stays secret where the end of it could not be written", () => {
  using directory = tempDir();
  using db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  const redactor = createRedactor();
  const store = createWorkspaceStore(db, { redactor, log: createSilentLog(), seal });
  const secret = randomBytes(12).toString("hex");
  const live = { ...record, env: { TOKEN: secret } };
  store.insert(live);
  store.insert({ ...record, id: "ws-b", name: "other" });
  db.exec("PRAGMA max_page_count = 1");
  // Takes pages that the file does not have.
  expect(() => store.update({ ...live, phase: "cleaned_up", env: {}, stopReason: "x".repeat(50_000) })).toThrow("full");
  db.exec("PRAGMA max_page_count = 1000");
  store.update({ ...record, id: "ws-b", name: "other", updatedAt: 3_600_000 });
  expect(redactor.clean(secret, "ws-a")).toBe("[redacted]");
});

describe("the SQLite store on a full disk", () => {
  const begun = (kind: "start" | "stop" | "delete"): WorkspaceRecord => ({
    ...record,
    operation: { kind, startedAt: 2 },
  });
  /** Takes pages that the file does not have. */
  const stopReason = "x".repeat(50_000);

  /** SQLite's own limit of a file's size stands for the disk; what is kept is a raised limit. */
  function createFull() {
    const directory = tempDir();
    const log = createSilentLog();
    const db = openDatabase(join(directory.path, "state.db"), log);
    let taken = 0;
    const reserve = {
      give() {
        db.exec("PRAGMA max_page_count = 1000");
        taken += 1;
        return true;
      },
      retake: () => db.exec("PRAGMA max_page_count = 1"),
      refill: () => undefined,
    };
    const store = createWorkspaceStore(db, {
      redactor: createRedactor(),
      log,
      seal,
      insist: keepWritable(db, { reserve, log }),
    });
    store.insert(record);
    reserve.retake();
    const close = (): void => {
      db.close();
      directory[Symbol.dispose]();
    };
    return { store, log, taken: () => taken, [Symbol.dispose]: close };
  }

  test.each([
    ["the beginning of a stop", begun("stop"), { ...begun("stop"), stopReason }],
    ["the end of a stop", begun("stop"), { ...record, stopReason }],
    ["the beginning of a delete", record, { ...begun("delete"), stopReason }],
    ["what is kept of a deleted one", record, { ...record, phase: "cleaned_up", stopReason } as const],
  ])("writes %s on what is kept for that", (_title, before, after) => {
    using disk = createFull();
    disk.store.update(before);
    disk.store.update(after);
    expect(disk.store.get("ws-a")).toMatchObject({ stopReason });
    expect(disk.taken()).toBe(1);
  });

  test("refuses everything else, and takes nothing of what is kept", () => {
    using disk = createFull();
    for (const change of [
      { ...record, stopReason },
      { ...begun("start"), stopReason },
    ]) {
      expect(() => disk.store.update(change)).toThrow(expect.objectContaining({ code: "disk_full" }));
    }
    expect(disk.store.get("ws-a")).toEqual(record);
    expect(disk.taken()).toBe(0);
  });

  test("loses lines of logs, says so once, and takes nothing of what is kept", () => {
    using disk = createFull();
    for (let at = 0; at < 3; at += 1) disk.store.appendLog("ws-a", { at, source: "script", line: stopReason });
    expect(disk.store.readLog("ws-a")).toEqual([]);
    expect(disk.log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "warn the disk is full; lines of the workspaces' logs are lost",
    ]);
    expect(disk.taken()).toBe(0);
  });
});
