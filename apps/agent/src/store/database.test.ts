import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { thrown } from "../testing/thrown.ts";
import { checkIntegrity, openDatabase } from "./database.ts";

const first = "CREATE TABLE a (x TEXT) STRICT; INSERT INTO a VALUES ('old')";
const second = "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'new'";

describe("opening the state", () => {
  test("makes a new file private and brings it to the newest version", () => {
    using directory = tempDir();
    const path = join(directory.path, "state.db");
    const db = openDatabase(path, createSilentLog());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(db.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
    expect(db.prepare("PRAGMA synchronous").get()).toMatchObject({ synchronous: 2 });
    expect(checkIntegrity(db, "full")).toEqual([]);
    expect(readdirSync(directory.path).filter((name) => name.includes("backup"))).toEqual([]);
    db.close();
  });

  test("keeps a copy of the old state before it migrates", () => {
    using directory = tempDir();
    const path = join(directory.path, "state.db");
    openDatabase(path, createSilentLog(), [first]).close();
    const db = openDatabase(path, createSilentLog(), [first, second]);
    expect(db.prepare("SELECT * FROM a").get()).toMatchObject({ x: "old", y: "new" });
    db.close();
    const copy = new DatabaseSync(`${path}.v1.backup`);
    expect({ ...copy.prepare("SELECT * FROM a").get() }).toEqual({ x: "old" });
    expect(copy.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 1 });
    expect(statSync(`${path}.v1.backup`).mode & 0o777).toBe(0o600);
    copy.close();
  });

  test("leaves the old version whole where a migration fails at its last statement", () => {
    using directory = tempDir();
    const path = join(directory.path, "state.db");
    openDatabase(path, createSilentLog(), [first]).close();
    expect(() => openDatabase(path, createSilentLog(), [first, `${second}; SELECT * FROM nowhere`])).toThrow(/nowhere/);
    const db = openDatabase(path, createSilentLog(), [first]);
    expect({ ...db.prepare("SELECT * FROM a").get() }).toEqual({ x: "old" });
    db.close();
  });

  test("refuses a newer version, naming both, and changes nothing", () => {
    using directory = tempDir();
    const path = join(directory.path, "state.db");
    openDatabase(path, createSilentLog(), [first, second]).close();
    const before = readFileSync(path);
    const error = thrown(() => openDatabase(path, createSilentLog(), [first]));
    expect(error).toMatchObject({ code: "state_newer", data: { found: 2, known: 1 } });
    expect(error?.message).toMatch(/version 2.*up to 1/);
    expect(error?.next).toBeDefined();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("refuses what is no database and leaves it as it is", () => {
    using directory = tempDir();
    const path = join(directory.path, "state.db");
    writeFileSync(path, "not a database, but somebody's text ".repeat(100));
    const before = readFileSync(path);
    expect(thrown(() => openDatabase(path, createSilentLog()))).toMatchObject({
      code: "state_corrupt",
      data: { file: path },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("finds damaged pages and names the newest copy", () => {
    using directory = tempDir();
    const path = join(directory.path, "state.db");
    const db = openDatabase(path, createSilentLog(), [first]);
    db.exec("CREATE TABLE big (x TEXT) STRICT");
    const insert = db.prepare("INSERT INTO big VALUES (?)");
    for (let row = 0; row < 500; row += 1) insert.run("y".repeat(200));
    db.close();
    openDatabase(path, createSilentLog(), [first, second]).close();
    const bytes = readFileSync(path);
    bytes.fill(0x55, 3 * 4096, 12 * 4096);
    writeFileSync(path, bytes);
    const error = thrown(() => openDatabase(path, createSilentLog(), [first, second]));
    expect(error?.code).toBe("state_corrupt");
    expect(error?.next).toContain(`cp ${path}.v1.backup ${path}`);
    for (const version of [2, 9, 10]) writeFileSync(`${path}.v${version}.backup`, "");
    writeFileSync(`${path}.v11.backup.txt`, "");
    const { next } = thrown(() => openDatabase(path, createSilentLog(), [first, second])) ?? {};
    expect(next).toContain(`cp ${path}.v10.backup ${path}`);
    // What lies in the log of the damaged state would be written over the copy.
    for (const name of ["state.db-wal", "state.db-shm"]) expect(next).toContain(name);
  });
});
