import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskRecord } from "@ws/workspace-core";
import { newTask, taskStoreSuite } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";
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

const given = (id: TaskRecord["id"], more: Partial<TaskRecord> = {}): TaskRecord =>
  newTask({ id, spec: SECRETS, ...more });

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

const LONG = 1_048_576;

test("a list reads of long texts only what it shows, and a task itself is read whole", () => {
  using directory = tempDir();
  const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  const store = createTaskStore(db, { redactor: createRedactor(), seal });
  const specs: TaskRecord["spec"][] = [
    { kind: "agent", tool: "claude", prompt: "p".repeat(LONG), about: { path: "a.ts", selection: "s".repeat(LONG) } },
    { kind: "code", language: "sh", code: "c".repeat(LONG) },
    { kind: "command", argv: ["echo", "w".repeat(100_000), "last"], stdin: secret.repeat(20_000) },
    { kind: "command", argv: ["make"], env: { TOKEN: secret } },
  ];
  const made = specs.map((spec, at) => given(`task-00000000000${at}`, { spec, followUp: "f".repeat(LONG) }));
  for (const task of made) store.insert(task);
  const listed = store.list();
  expect(JSON.stringify(listed).length).toBeLessThan(20_000);
  // What is long lies in a column of its own, which a list does not read.
  expect(db.prepare("SELECT max(length(record)) AS most FROM tasks").get()?.["most"]).toBeLessThan(10_000);
  expect(JSON.stringify(listed)).not.toContain(secret);
  expect(listed.map(({ spec }) => spec.kind)).toEqual(["command", "command", "code", "agent"]);
  expect(listed[3]?.spec).toMatchObject({ tool: "claude", prompt: "p".repeat(4_000), about: { path: "a.ts" } });
  expect(listed[1]?.spec).toEqual({ kind: "command", argv: ["echo", "w".repeat(3_995)] });
  for (const task of made) expect(store.get(task.id)).toEqual(task);
  expect(store.live()).toEqual(made);
  const [task] = made;
  if (task === undefined) throw new Error("nothing was made");
  const { followUp: _followUp, ...over } = { ...task, status: "completed" as const, completedAt: 5 };
  store.update(over);
  expect(store.get(task.id)).toEqual(over);
  db.close();
});

test("tasks that an earlier version wrote are whole, and since when their state is what it is is known", () => {
  using directory = tempDir();
  const path = join(directory.path, "state.db");
  const before = MIGRATIONS.findIndex((step) => step.includes("ADD COLUMN given"));
  const old = openDatabase(path, createSilentLog(), MIGRATIONS.slice(0, before));
  const write = old.prepare(
    "INSERT INTO tasks (id, workspace, status, live, completed_at, record) VALUES (:id, 'ws-a', :status, :live, :at, :record)",
  );
  const tasks = [
    given("task-000000000001", {
      spec: { kind: "agent", tool: "claude", prompt: "\u0001é".repeat(20_000) },
      followUp: "x",
    }),
    given("task-000000000002", { spec: { kind: "code", language: "sh", code: "c".repeat(20_000) }, startedAt: 7 }),
    given("task-000000000003", {
      spec: { kind: "command", argv: ["make"] },
      startedAt: 7,
      completedAt: 9,
      status: "failed",
    }),
    given("task-000000000004", { spec: { kind: "command", argv: ["echo", "w".repeat(20_000)] } }),
  ];
  for (const { changedAt: _changedAt, ...task } of tasks) {
    const live = task.status === "failed" ? 0 : 1;
    write.run({ id: task.id, status: task.status, live, at: task.completedAt ?? null, record: JSON.stringify(task) });
  }
  old.close();
  const db = openDatabase(path, createSilentLog());
  const store = createTaskStore(db, { redactor: createRedactor(), seal });
  const since = [1, 7, 9, 1];
  for (const [at, task] of tasks.entries()) expect(store.get(task.id)).toEqual({ ...task, changedAt: since[at] });
  expect(JSON.stringify(store.list()).length).toBeLessThan(40_000);
  db.close();
});

test("what is written down with a task's end is there exactly where that is", () => {
  using directory = tempDir();
  const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  const ends: string[] = [];
  let failing = true;
  const over = (record: TaskRecord): void => {
    if (failing) throw new Error("killed");
    ends.push(`${record.id} ${record.status}`);
  };
  const store = createTaskStore(db, { redactor: createRedactor(), seal, over });
  const task = given("task-000000000001", { status: "running", attempt: 1 });
  const done = { ...task, status: "completed" as const, completedAt: 5 };
  store.insert(task);
  expect(() => store.update(done)).toThrow("killed");
  expect(store.get(task.id)?.status).toBe("running");
  failing = false;
  store.update({ ...task, cancelling: true });
  store.update(done);
  expect(() => store.update(done)).toThrow();
  expect(ends).toEqual(["task-000000000001 completed"]);
  db.close();
});
