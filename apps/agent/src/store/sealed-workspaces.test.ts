import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { WorkspaceRecord } from "@ws/workspace-core";
import { newRecord } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createSeal } from "./seal.ts";
import { createWorkspaceStore } from "./workspace-store.ts";

const key = randomBytes(32);
const seal = createSeal(() => key);
const record = newRecord("demo", { id: "ws-a", phase: "ready", power: "running" });

describe("what a workspace was given lies in the file", () => {
  const canary = randomBytes(12).toString("hex");
  const given: WorkspaceRecord = {
    ...record,
    env: { TOKEN: canary },
    request: { key: "k", input: JSON.stringify({ env: { TOKEN: canary } }) },
    given: { "~/.npmrc": { sha256: canary, bytes: 3, mode: 0o600 } },
  };
  const inFiles = (directory: string): string[] =>
    readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(canary));

  test("sealed, and comes back with the key (stolen worker disk)", () => {
    using directory = tempDir();
    using db = openDatabase(join(directory.path, "state.db"), createSilentLog());
    const open = () => createWorkspaceStore(db, { redactor: createRedactor(), log: createSilentLog(), seal });
    open().insert(given);
    expect(open().get("ws-a")).toEqual(given);
    expect(open().getByRequest("k")).toEqual(given);
    expect(inFiles(directory.path)).toEqual([]);
  });

  test("sealed from the next start on where an earlier version wrote it, with nothing left behind", () => {
    using directory = tempDir();
    using db = openDatabase(join(directory.path, "state.db"), createSilentLog());
    const open = () => createWorkspaceStore(db, { redactor: createRedactor(), log: createSilentLog(), seal });
    open().insert(given);
    db.prepare("UPDATE workspaces SET record = ?").run(JSON.stringify(given));
    expect(inFiles(directory.path)).not.toEqual([]);
    expect(open().get("ws-a")).toEqual(given);
    expect(inFiles(directory.path)).toEqual([]);
  });

  test("sealed also where a page that is free, or a copy that an upgrade left, has it (stolen worker disk)", () => {
    using directory = tempDir();
    using db = openDatabase(join(directory.path, "state.db"), createSilentLog());
    const open = () => createWorkspaceStore(db, { redactor: createRedactor(), log: createSilentLog(), seal });
    open().insert(given);
    const write = db.prepare("UPDATE workspaces SET record = ?");
    // Each longer or shorter than the one before, so that it lies elsewhere.
    for (const length of [9_000, 10, 30_000, 0]) {
      write.run(JSON.stringify({ ...given, env: { TOKEN: `${canary}${"x".repeat(length)}` } }));
    }
    const copy = join(directory.path, "state.db.v3.backup");
    db.prepare("VACUUM INTO ?").run(copy);
    // Gone from the state, and still in this one.
    const older = join(directory.path, "state.db.v2.backup");
    db.prepare("VACUUM INTO ?").run(older);
    // A power loss cut that one short.
    writeFileSync(join(directory.path, "state.db.v1.backup"), "");
    write.run(JSON.stringify(record));
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    expect(inFiles(directory.path)).toEqual(["state.db", "state.db.v2.backup", "state.db.v3.backup"]);
    expect(open().get("ws-a")).toEqual(record);
    expect(inFiles(directory.path)).toEqual([]);
    using kept = new DatabaseSync(copy);
    expect(
      createWorkspaceStore(kept, { redactor: createRedactor(), log: createSilentLog(), seal }).get("ws-a"),
    ).toEqual(given);
  });

  test("as nothing at all where the key is another, which a warning tells", () => {
    using directory = tempDir();
    using db = openDatabase(join(directory.path, "state.db"), createSilentLog());
    createWorkspaceStore(db, { redactor: createRedactor(), log: createSilentLog(), seal }).insert(given);
    const log = createSilentLog();
    const other = createSeal(() => randomBytes(32));
    const store = createWorkspaceStore(db, { redactor: createRedactor(), log, seal: other });
    expect(store.get("ws-a")).toMatchObject({ name: "demo", env: {} });
    expect(log.lines.map(({ fields }) => fields["names"])).toEqual([["demo"]]);
  });
});

describe("where the key is away for some starts, what a workspace was given", () => {
  const secret = randomBytes(12).toString("hex");
  const input = JSON.stringify({ env: { TOKEN: secret } });
  const given = { "~/.npmrc": { sha256: secret, bytes: 3, mode: 0o600 } };
  const whole: WorkspaceRecord = { ...record, env: { TOKEN: secret }, request: { key: "k", input }, given };

  /** A state that was written with the key; `open` is one start. */
  function createKept() {
    const directory = tempDir();
    const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
    const open = (has: ReturnType<typeof createSeal>) => {
      const log = createSilentLog();
      const store = createWorkspaceStore(db, { redactor: createRedactor(), log, seal: has });
      const change = (more: Partial<WorkspaceRecord>): void =>
        store.update({ ...(store.get("ws-a") ?? record), ...more });
      return { store, change, warned: () => log.lines.length > 0 };
    };
    open(seal).store.insert(whole);
    const close = (): void => {
      db.close();
      directory[Symbol.dispose]();
    };
    const written = (): string => String(db.prepare("SELECT record FROM workspaces").get()?.["record"]);
    return { open, written, [Symbol.dispose]: close };
  }

  test("is all there once it is back, however often the record was written meanwhile", () => {
    using kept = createKept();
    for (const lastUsedAt of [5, 6, 7]) {
      const away = kept.open(createSeal(() => randomBytes(32)));
      expect(away.warned()).toBe(true);
      away.change({ lastUsedAt });
      away.change({ lastUsedAt: lastUsedAt + 1 });
    }
    const back = kept.open(seal);
    expect(back.store.get("ws-a")).toEqual({ ...whole, lastUsedAt: 8 });
    expect(back.warned()).toBe(false);
    back.change({ lastUsedAt: 9 });
    expect(kept.open(seal).store.get("ws-a")).toEqual({ ...whole, lastUsedAt: 9 });
    expect(kept.written()).not.toContain("unopened");
  });

  test("joins what it was given under another key, and what was given later holds", () => {
    using kept = createKept();
    const other = createSeal(() => otherKey);
    const otherKey = randomBytes(32);
    kept.open(other).change({ env: { LATER: secret } });
    expect(kept.open(other).warned()).toBe(false);
    expect(kept.open(other).store.get("ws-a")).toMatchObject({ env: { LATER: secret }, request: { input: "" } });
    const back = kept.open(seal);
    expect(back.store.get("ws-a")).toEqual(whole);
    back.change({ env: { ...whole.env, TOKEN: "new" } });
    const both = createSeal(() => key);
    const either = {
      ...both,
      open: (text: string, about: string) => both.open(text, about) ?? other.open(text, about),
    };
    expect(kept.open(either).store.get("ws-a")).toEqual({ ...whole, env: { LATER: secret, TOKEN: "new" } });
  });

  test("goes with the workspace", () => {
    using kept = createKept();
    kept.open(createSeal(() => randomBytes(32))).change({ phase: "cleaned_up", power: "stopped" });
    expect(kept.written()).not.toContain("unopened");
  });
});
