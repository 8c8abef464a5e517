import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grantStoreSuite, storeSuite } from "@ws/workspace-core/testing";
import { afterAll, expect, test } from "vitest";
import { newRecord } from "../testing/records.ts";
import { createFileGrantStore } from "./file-grants.ts";
import { createFileStore } from "./file-store.ts";

const root = mkdtempSync(join(tmpdir(), "ws-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(root, "s-"));

storeSuite("a directory of files", async () => {
  const directory = fresh();
  return {
    store: createFileStore(directory),
    reopen: async () => createFileStore(directory),
    async [Symbol.asyncDispose]() {},
  };
});

grantStoreSuite("a directory of files", async () => {
  const directory = fresh();
  return {
    grants: createFileGrantStore(directory),
    reopen: async () => createFileGrantStore(directory),
    async [Symbol.asyncDispose]() {},
  };
});

test("everything is this user's alone, whatever the umask is", () => {
  const before = process.umask(0);
  const directory = join(fresh(), "state");
  try {
    const store = createFileStore(directory);
    store.insert(newRecord("alpha"));
    store.appendLog("ws-a", { at: 1, source: "agent", line: "x" });
  } finally {
    process.umask(before);
  }
  const modes = readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => {
    const { mode } = statSync(join(directory, name));
    return (mode & 0o777).toString(8);
  });
  expect(new Set([...modes, (statSync(directory).mode & 0o777).toString(8)])).toEqual(new Set(["700", "600"]));
});

test("what a killed writer left unfinished is swept, and the value before it stands", () => {
  const directory = fresh();
  const record = newRecord("alpha");
  createFileStore(directory).insert(record);
  writeFileSync(join(directory, "workspaces", `${record.id}.json.0123.unfinished`), '{"id":');
  expect(createFileStore(directory).list()).toEqual([record]);
  expect(readdirSync(join(directory, "workspaces"))).toEqual([`${record.id}.json`]);
});

test("a record that somebody damaged is named and never taken for an absent one", () => {
  const directory = fresh();
  const record = newRecord("alpha");
  createFileStore(directory).insert(record);
  const file = join(directory, "workspaces", `${record.id}.json`);
  writeFileSync(file, "{");
  expect(() => createFileStore(directory)).toThrow(
    expect.objectContaining({ code: "state_corrupt", data: { file } }) as Error,
  );
});

test("a log keeps its last 5,000 lines, bounded in the file too, and goes on behind a line that was cut off", () => {
  const directory = fresh();
  const store = createFileStore(directory);
  for (let at = 1; at <= 10_500; at += 1) store.appendLog("ws-a", { at, source: "agent", line: "x".repeat(20) });
  const file = join(directory, "logs", "ws-a.log");
  expect(statSync(file).size).toBeLessThan(10_100 * 60);
  expect(store.readLog("ws-a")).toHaveLength(5_000);
  expect(store.readLog("ws-a", 1)).toMatchObject([{ at: 10_500 }]);

  appendFileSync(file, '{"at":10501,"sou');
  const again = createFileStore(directory);
  again.appendLog("ws-a", { at: 10_502, source: "agent", line: "after" });
  expect(again.readLog("ws-a", 2)).toMatchObject([{ at: 10_500 }, { at: 10_502, line: "after" }]);
});

test("a change that could not be written is not told as one", () => {
  const directory = fresh();
  const store = createFileStore(directory);
  const record = newRecord("alpha");
  store.insert(record);
  const file = join(directory, "workspaces", `${record.id}.json`);
  rmSync(file);
  mkdirSync(file);
  expect(() => store.update({ ...record, name: "beta" })).toThrow("EISDIR");
  expect(store.get(record.id)?.name).toBe("alpha");
});
