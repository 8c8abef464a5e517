import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { newTask, taskStoreSuite } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createSeal } from "./seal.ts";
import { createTaskStore } from "./tasks.ts";

const key = randomBytes(32);
const seal = createSeal(() => key);

taskStoreSuite("the SQLite store", async () => {
  const directory = tempDir();
  const open = () => openDatabase(join(directory.path, "state.db"), createSilentLog());
  const redactor = createRedactor();
  let db = open();
  return {
    store: createTaskStore(db, { redactor, seal }),
    async reopen() {
      db.close();
      db = open();
      return createTaskStore(db, { redactor, seal });
    },
    async [Symbol.asyncDispose]() {
      db.close();
      directory[Symbol.dispose]();
    },
  };
});

const secret = randomBytes(20).toString("hex");

const SECRETS = { kind: "command", argv: ["make"], env: { TOKEN: secret }, stdin: `in ${secret}` } as const;

test("a task's variables and input are read back whole, and lie in no file of the state", () => {
  using directory = tempDir();
  const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  const store = createTaskStore(db, { redactor: createRedactor(), seal });
  const task = newTask({ spec: SECRETS, result: `It said ${secret}.` });
  store.insert(task);
  expect(store.get(task.id)?.spec).toEqual(task.spec);
  store.update({ ...task, status: "completed", completedAt: 2 });
  expect(store.get(task.id)?.spec).toEqual(task.spec);
  const files = readdirSync(directory.path);
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) expect(readFileSync(join(directory.path, file), "latin1")).not.toContain(secret);
  db.close();
});

test("a task whose variables cannot be read any more is not begun without them", () => {
  using directory = tempDir();
  const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  const redactor = createRedactor();
  const first = createTaskStore(db, { redactor, seal });
  const plain = newTask();
  const [waits, runs] = [newTask({ spec: SECRETS }), newTask({ spec: SECRETS, status: "running", attempt: 1 })];
  for (const task of [waits, plain, runs]) first.insert(task);
  const other = createSeal(() => randomBytes(32));
  const store = createTaskStore(db, { redactor, seal: other });
  expect(store.get(waits.id)).toMatchObject({ status: "failed", error: { code: "config_invalid" } });
  expect(store.live().map(({ id }) => id)).toEqual([plain.id, runs.id]);
  db.close();
});
