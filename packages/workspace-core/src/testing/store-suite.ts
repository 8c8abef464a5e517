import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { isWsError, type ErrorCode } from "../errors.ts";
import type { LogEntry, Store } from "../ports.ts";
import { newRecord } from "./new-record.ts";

export interface StoreSubject extends AsyncDisposable {
  store: Store;
  /** The same content opened anew, as after a restart. Absent for a store that forgets. */
  reopen?: () => Promise<Store>;
}

/** What every Store has to do, whatever it is made of. */
export function storeSuite(title: string, make: () => Promise<StoreSubject>): void {
  describe(`${title} is a store`, () => {
    let subject: StoreSubject;
    let store: Store;

    beforeEach(async () => {
      subject = await make();
      store = subject.store;
    });
    afterEach(() => subject[Symbol.asyncDispose]());

    test("gives back what was inserted, by id and by name", () => {
      const record = newRecord("alpha", {
        repository: { url: "https://host.test/a/b.git", name: "b", branch: "main" },
        env: { LINES: "one\ntwo", EMPTY: "" },
        limits: { cpus: 0.5 },
        request: { key: "key", input: "{}" },
      });
      store.insert(record);
      expect(store.get(record.id)).toEqual(record);
      expect(store.getByName("alpha")).toEqual(record);
      expect(store.getByRequest("key")).toEqual(record);
    });

    test("knows nothing of what was never inserted", () => {
      expect(store.get("ws-none")).toBeUndefined();
      expect(store.getByName("none")).toBeUndefined();
      expect(store.getByRequest("none")).toBeUndefined();
      expect(store.list()).toEqual([]);
      expect(store.readLog("ws-none")).toEqual([]);
    });

    test("keeps its own copy of a record, which nobody can change", () => {
      const record = newRecord("alpha");
      store.insert(record);
      record.env["LATER"] = "1";
      const readers = [store.get(record.id), store.getByName("alpha"), ...store.list()];
      for (const read of readers) expect(() => Object.assign(read?.env ?? {}, { LATER: "2" })).toThrow(TypeError);
      expect(readers.map((read) => read?.env)).toEqual([{}, {}, {}]);
    });

    test("refuses a second live record with the same name, and keeps the first", () => {
      const first = newRecord("alpha");
      store.insert(first);
      expect(codeOf(() => store.insert(newRecord("alpha")))).toBe("name_taken");
      expect(store.list()).toEqual([first]);
    });

    test("replaces a record as a whole", () => {
      const record = newRecord("alpha", { failure: { step: "clone", code: "clone_failed", message: "no", at: 1 } });
      store.insert(record);
      const { failure: _failure, ...healthy } = record;
      store.update({ ...healthy, name: "beta", phase: "ready", updatedAt: 9 });
      expect(store.getByName("alpha")).toBeUndefined();
      expect(store.getByName("beta")).toEqual({ ...healthy, name: "beta", phase: "ready", updatedAt: 9 });
    });

    test("refuses an update of what it does not have, and one that takes another's name", () => {
      const alpha = newRecord("alpha");
      const beta = newRecord("beta");
      store.insert(alpha);
      store.insert(beta);
      expect(codeOf(() => store.update(newRecord("gamma")))).toBe("workspace_not_found");
      expect(codeOf(() => store.update({ ...beta, name: "alpha" }))).toBe("name_taken");
      expect(store.get(beta.id)).toEqual(beta);
    });

    test("frees the name and the request key of a record that is cleaned up, and still has it by id", () => {
      const record = newRecord("alpha", { request: { key: "key", input: "{}" } });
      store.insert(record);
      store.update({ ...record, phase: "cleaned_up" });
      expect(store.getByName("alpha")).toBeUndefined();
      expect(store.getByRequest("key")).toBeUndefined();
      expect(store.list()).toEqual([]);
      expect(store.get(record.id)?.phase).toBe("cleaned_up");
      const successor = newRecord("alpha");
      store.insert(successor);
      expect(store.getByName("alpha")?.id).toBe(successor.id);
    });

    test("lists live records oldest first, and the cleaned-up ones where asked", () => {
      const late = newRecord("late", { createdAt: 3 });
      const gone = newRecord("gone", { createdAt: 2, phase: "cleaned_up" });
      const early = newRecord("early", { createdAt: 1 });
      for (const record of [late, gone, early]) store.insert(record);
      expect(store.list().map(({ name }) => name)).toEqual(["early", "late"]);
      expect(store.list({ cleanedUp: true }).map(({ name }) => name)).toEqual(["early", "gone", "late"]);
    });

    test("forgets old cleaned-up records with their logs, and nothing else", () => {
      const live = newRecord("live", { updatedAt: 1 });
      const old = newRecord("old", { updatedAt: 1, phase: "cleaned_up" });
      const recent = newRecord("recent", { updatedAt: 9, phase: "cleaned_up" });
      for (const record of [live, old, recent]) {
        store.insert(record);
        store.appendLog(record.id, newEntry("kept"));
      }
      store.forget(5);
      expect(store.get(old.id)).toBeUndefined();
      expect(store.readLog(old.id)).toEqual([]);
      expect(store.get(live.id)).toEqual(live);
      expect(store.get(recent.id)).toEqual(recent);
      expect(store.readLog(live.id)).toHaveLength(1);
    });

    test("keeps each workspace's log in order and gives its tail", () => {
      const entries = ["one", "two", "three"].map(newEntry);
      for (const entry of entries) store.appendLog("ws-a", entry);
      store.appendLog("ws-b", newEntry("other"));
      expect(store.readLog("ws-a")).toEqual(entries);
      expect(store.readLog("ws-a", 2)).toEqual(entries.slice(1));
      expect(store.readLog("ws-a", 0)).toEqual([]);
      expect(store.readLog("ws-a", 10)).toEqual(entries);
    });

    test("still has everything after a restart", async () => {
      const record = newRecord("alpha", { request: { key: "key", input: "{}" } });
      store.insert(record);
      store.appendLog(record.id, newEntry("line"));
      const again = (await subject.reopen?.()) ?? store;
      expect(again.getByName("alpha")).toEqual(record);
      expect(again.getByRequest("key")).toEqual(record);
      expect(again.readLog(record.id)).toEqual([newEntry("line")]);
      expect(codeOf(() => again.insert(newRecord("alpha")))).toBe("name_taken");
    });
  });
}

function newEntry(line: string): LogEntry {
  return { at: 1, source: "startup", line };
}

function codeOf(work: () => void): ErrorCode | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return isWsError(error) ? error.code : undefined;
  }
}
