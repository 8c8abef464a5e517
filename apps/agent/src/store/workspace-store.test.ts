import { join } from "node:path";
import { storeSuite } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createWorkspaceStore } from "./workspace-store.ts";

storeSuite("the SQLite store", async () => {
  const directory = tempDir();
  const redactor = createRedactor();
  const open = () => openDatabase(join(directory.path, "state.db"), createSilentLog());
  let db = open();
  return {
    store: createWorkspaceStore(db, redactor),
    async reopen() {
      db.close();
      db = open();
      return createWorkspaceStore(db, redactor);
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
    const store = createWorkspaceStore(db, createRedactor());
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
    const store = createWorkspaceStore(db, redactor);
    store.appendLog("ws-a", { at: 1, source: "script", line: `token=${secret}` });
    expect(store.readLog("ws-a")[0]?.line).toBe("token=[redacted]");
    db.close();
  });
});
