import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { checkStart } from "./check-start.ts";

test("a worker that is new, and one that an agent has open, can be started on", () => {
  using directory = tempDir();
  expect(() => checkStart(directory.path)).not.toThrow();
  expect(readdirSync(directory.path)).toEqual([]);
  using _open = openDatabase(join(directory.path, "state.db"), createSilentLog());
  expect(() => checkStart(directory.path)).not.toThrow();
});

test("what keeps an agent from starting is found without changing anything", () => {
  using directory = tempDir();
  const state = join(directory.path, "state.db");
  openDatabase(state, createSilentLog(), [...MIGRATIONS, "CREATE TABLE later (a)"]).close();
  expect(() => checkStart(directory.path)).toThrow(
    expect.objectContaining({
      code: "state_newer",
      data: { found: MIGRATIONS.length + 1, known: MIGRATIONS.length },
    }) as Error,
  );
  using db = new DatabaseSync(state);
  expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: MIGRATIONS.length + 1 });
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  writeFileSync(join(directory.path, "config.json"), '{"port": }');
  expect(() => checkStart(directory.path)).toThrow(expect.objectContaining({ code: "config_invalid" }) as Error);
});
