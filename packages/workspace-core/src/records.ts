import type { Events } from "./events.ts";
import { toWsError, WsError } from "./errors.ts";
import { excerpt } from "./names.ts";
import { nearest } from "./nearest.ts";
import type { Clock, LogEntry, StepSource, Store } from "./ports.ts";
import type { Failure, StartupStep, StepId, WorkspaceId, WorkspaceRecord } from "./workspace.ts";

/** The one way in which a record changes: written, then told to whoever watches. */
export interface Records {
  /** Throws `workspace_not_found`, naming the nearest name. */
  get(name: string): WorkspaceRecord;
  byId(id: WorkspaceId): WorkspaceRecord;
  /** Throws `workspace_not_found`. */
  missing(name: string): never;
  insert(record: WorkspaceRecord): void;
  change(id: WorkspaceId, patch: (record: WorkspaceRecord) => WorkspaceRecord): WorkspaceRecord;
  /** Written without telling anybody: for counters that nobody watches. */
  note(id: WorkspaceId, patch: (record: WorkspaceRecord) => WorkspaceRecord): void;
  remove(id: WorkspaceId): void;
  log(id: WorkspaceId, source: StepSource, text: string): void;
  /** Called with each log entry of one workspace until the returned function is called. */
  onLog(id: WorkspaceId, listener: (entry: LogEntry) => void): () => void;
}

export function createRecords(options: { store: Store; events: Events; clock: Clock }): Records {
  const { store, events, clock } = options;
  const listeners = new Map<WorkspaceId, Set<(entry: LogEntry) => void>>();

  function byId(id: WorkspaceId): WorkspaceRecord {
    const record = store.get(id);
    if (record === undefined) throw workspaceNotFound(id, store);
    return record;
  }

  function write(id: WorkspaceId, patch: (record: WorkspaceRecord) => WorkspaceRecord): WorkspaceRecord {
    const next = { ...patch(byId(id)), updatedAt: clock.now() };
    store.update(next);
    return next;
  }

  return {
    get(name) {
      const record = store.getByName(name);
      if (record === undefined) throw workspaceNotFound(name, store);
      return record;
    },
    byId,
    missing(name) {
      throw workspaceNotFound(name, store);
    },
    insert(record) {
      store.insert(record);
      events.emit({ type: "changed", record });
    },
    change(id, patch) {
      const record = write(id, patch);
      events.emit({ type: "changed", record });
      return record;
    },
    note(id, patch) {
      write(id, patch);
    },
    remove(id) {
      const { name } = write(id, tombstone);
      events.emit({ type: "removed", id, name });
    },
    log(id, source, text) {
      for (const line of text.split("\n")) {
        const entry = { at: clock.now(), source, line };
        store.appendLog(id, entry);
        for (const listener of listeners.get(id) ?? []) listener(entry);
      }
    },
    onLog(id, listener) {
      const mine = listeners.get(id) ?? new Set();
      listeners.set(id, mine.add(listener));
      return () => {
        mine.delete(listener);
        if (mine.size === 0) listeners.delete(id);
      };
    },
  };
}

/** What is kept of a deleted workspace: enough to answer for it and to recognise its leftovers, and no secret. */
function tombstone(record: WorkspaceRecord): WorkspaceRecord {
  const { operation: _operation, handle: _handle, failure: _failure, request: _request, ...live } = record;
  const { finalizing: _finalizing, given: _given, ...rest } = live;
  return { ...rest, phase: "cleaned_up", power: "stopped", env: {} };
}

/** The refusal of a name that no workspace has, with the nearest one that there is. */
export function workspaceNotFound(name: string, store: Pick<Store, "list">): WsError<"workspace_not_found"> {
  const names = store.list().map((record) => record.name);
  const near = nearest(name, names);
  const known = names.length === 0 ? "Make one: ws start NAME." : "'ws list' shows what there is.";
  // Whoever repeats a finalize that cleaned up, or whose answer was lost, looks for what came of it.
  const last = store.list({ cleanedUp: true }).findLast((record) => record.name === name && record.pullRequest);
  if (last?.pullRequest !== undefined) {
    return new WsError("workspace_not_found", {
      message: `There is no workspace '${excerpt(name)}' any more: it was cleaned up.`,
      next: `Its pull request: ${last.pullRequest.url}`,
      data: { name: excerpt(name) },
    });
  }
  return new WsError("workspace_not_found", {
    message: `There is no workspace '${excerpt(name)}'.`,
    next: near === undefined ? known : `Did you mean '${near}'? 'ws list' shows them all.`,
    data: { name: excerpt(name) },
  });
}

/** The record's steps with one of them changed. */
export function withStep(record: WorkspaceRecord, id: StepId, change: Partial<StartupStep>): WorkspaceRecord {
  return { ...record, startup: record.startup.map((step) => (step.id === id ? { ...step, ...change } : step)) };
}

/** The record without the operation that has ended. */
export function withoutOperation(record: WorkspaceRecord): WorkspaceRecord {
  const { operation: _ended, ...rest } = record;
  return rest;
}

/** An error as a record keeps it. */
export function failureOf(error: unknown, step: string, at: number): Failure {
  const { code, message, next } = toWsError(error);
  return { step, code, message, at, ...(next === undefined ? {} : { next }) };
}
