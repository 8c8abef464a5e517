import { expect, test } from "vitest";
import { taskFixture } from "../../../testing/task-fixture.ts";
import { workspaceFixture } from "../../../testing/workspace-fixture.ts";
import { createChanges } from "./changes.ts";
import { fingerprint, lastEnds } from "./fingerprint.ts";

function setUp(kept = new Map<string, string>()) {
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const changes = createChanges(storage, "k");
  return { kept, changes, changed: () => [...changes.changed()] };
}

const now = (given: Record<string, string | undefined>) => new Map(Object.entries(given));

test("What changed while nobody looked is marked at the next look, also in another page, and what is new", () => {
  const { kept, changes, changed } = setUp();
  changes.arrive(now({ a: "1", b: "1", c: "1" }));
  expect(changed()).toEqual([]);
  const later = setUp(kept);
  later.changes.arrive(now({ a: "2", b: "1", d: "1" }));
  expect(later.changed()).toEqual(["a", "d"]);
  // It stays so until somebody looks at it.
  later.changes.arrive(now({ a: "2", b: "1", d: "1" }));
  expect(later.changed()).toEqual(["a", "d"]);
});

test("What becomes another before somebody's eyes is no news, then or later", () => {
  const { changes, changed } = setUp();
  changes.arrive(now({ a: "1" }));
  changes.stay(now({ a: "2", b: "1" }));
  changes.arrive(now({ a: "2", b: "1" }));
  expect(changed()).toEqual([]);
});

test("What somebody has looked at is marked no more, and the others stay as they were last seen", () => {
  const { changes, changed } = setUp();
  changes.arrive(now({ a: "1", b: "1", c: "1" }));
  changes.arrive(now({ a: "2", b: "2", c: "1" }));
  changes.seen(now({ a: "3", b: "2", c: "2" }), ["a"]);
  expect(changed()).toEqual(["b"]);
  changes.arrive(now({ a: "3", b: "2", c: "2" }));
  expect(changed()).toEqual(["b", "c"]);
  changes.seen(now({ a: "3", b: "2", c: "2" }));
  expect(changed()).toEqual([]);
});

test("What is under way is no news before it has ended, and what is gone is forgotten", () => {
  const { kept, changes, changed } = setUp();
  changes.arrive(now({ a: "1" }));
  changes.arrive(now({ a: undefined, b: undefined }));
  expect(changed()).toEqual([]);
  changes.arrive(now({ a: "1", b: "1" }));
  expect(changed()).toEqual(["b"]);
  changes.arrive(now({ a: "1" }));
  expect(changed()).toEqual([]);
  expect(kept.get("k")).toBe('{"known":{"a":"1"},"changed":[]}');
});

test("A storage that holds something else, or is full, breaks nothing", () => {
  const { changes, changed } = setUp(new Map([["k", "[1"]]));
  changes.arrive(now({ a: "1" }));
  expect(changed()).toEqual([]);
  const full = createChanges(
    {
      getItem: () => null,
      setItem: () => {
        throw new Error("full");
      },
    },
    "k",
  );
  full.arrive(now({ a: "1" }));
  expect(full.changed().size).toBe(0);
});

test("Another state, pull request, result of checks or end of a task is news; use alone is none", () => {
  const workspace = workspaceFixture({ status: "running" });
  const first = fingerprint(workspace, undefined);
  expect(fingerprint({ ...workspace, lastUsed: "2026-11-02T10:00:00.000Z" }, undefined)).toBe(first);
  expect(fingerprint({ ...workspace, operation: "stop" }, undefined)).toBeUndefined();
  const checks = { state: "failure", failed: [], at: "2026-11-01T10:00:00.000Z" } as const;
  const task = taskFixture({ id: "t", status: "completed" });
  const others = [
    fingerprint({ ...workspace, status: "stopped" }, undefined),
    fingerprint({ ...workspace, checks: { ...checks, failed: [] } }, undefined),
    fingerprint(workspace, task),
    fingerprint(workspace, { ...task, status: "failed" }),
  ];
  expect(new Set([first, ...others]).size).toBe(5);
});

test("Of a workspace's tasks the one that ended last counts", () => {
  const task = (id: string, status: "completed" | "running", minute: number) =>
    taskFixture({ id, status, workspaceId: "w", changedAt: `2026-11-01T10:0${minute}:00.000Z` });
  const last = lastEnds([task("a", "completed", 1), task("b", "completed", 3), task("c", "running", 5)]);
  expect(last.get("w")?.id).toBe("b");
});
