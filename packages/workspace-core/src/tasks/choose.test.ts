import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newTask } from "../testing/new-task.ts";
import type { WorkspaceId } from "../workspace.ts";
import { chooseNext, type Queued, type Situation } from "./choose.ts";

const choose = (queued: readonly Queued[], more: Partial<Situation> = {}) =>
  chooseNext({
    queued,
    running: new Map(),
    limits: { perWorkspace: 3, global: 100 },
    held: new Map(),
    inUse: { accounts: new Set(), conversations: new Set() },
    now: 1_000,
    isCompleted: () => false,
    stateOf: () => "open",
    ...more,
  });
const ids = (tasks: readonly Queued[]): string[] => tasks.map(({ id }) => id);

describe("the choice of tasks", () => {
  test("takes the higher priority first, and the older one within it", () => {
    const [a, b, c, d] = [newTask(), newTask({ priority: 5 }), newTask({ priority: 5 }), newTask({ priority: -1 })];
    expect(ids(choose([a, b, c, d]).start)).toEqual(ids([b, c, a]));
  });

  test("fills each workspace to its limit, and the worker to its own, counting what runs", () => {
    const tasks = (["ws-a", "ws-b"] as const).flatMap((workspace) =>
      Array.from({ length: 5 }, () => newTask({ workspace })),
    );
    const running = new Map<WorkspaceId, number>([["ws-a", 2]]);
    expect(choose(tasks, { running }).start.map(({ workspace }) => workspace)).toEqual([
      "ws-a",
      "ws-b",
      "ws-b",
      "ws-b",
    ]);
    expect(choose(tasks, { running, limits: { perWorkspace: 3, global: 4 } }).start).toHaveLength(2);
    expect(choose(tasks, { running, limits: { perWorkspace: 1, global: 1 } }).start).toEqual([]);
  });

  test("waits for dependencies, and for time, and says when to look again", () => {
    const first = newTask();
    const [second, later, latest] = [
      newTask({ dependsOn: [first.id] }),
      newTask({ notBefore: 5_000 }),
      newTask({ notBefore: 9_000 }),
    ];
    expect(choose([second, latest, later])).toEqual({ start: [], wanted: [], wakeAt: 5_000 });
    expect(ids(choose([second, later], { isCompleted: (id) => id === first.id, now: 5_000 }).start)).toEqual(
      ids([second, later]),
    );
  });

  test("holds everything of an account that met its limit, and nothing else", () => {
    const limited = newTask({ status: "limited", account: "me", notBefore: 5_000 });
    const [mine, theirs] = [newTask({ account: "me" }), newTask({ account: "you" })];
    const held = new Map([["me", 5_000]]);
    expect(choose([limited, mine, theirs], { held })).toMatchObject({ start: [{ id: theirs.id }], wakeAt: 5_000 });
  });

  test("tries one task of an account first once its limit is over, and then all", () => {
    const [first, second, other] = [
      newTask({ account: "me" }),
      newTask({ account: "me" }),
      newTask({ account: "you" }),
    ];
    const held = new Map([["me", 500]]);
    expect(ids(choose([first, second, other], { held }).start)).toEqual(ids([first, other]));
    const inUse = { accounts: new Set(["me"]), conversations: new Set<string>() };
    expect(ids(choose([second, other], { held, inUse }).start)).toEqual(ids([other]));
    expect(ids(choose([second, other], { inUse }).start)).toEqual(ids([second, other]));
  });

  test("begins one task at a time in a conversation", () => {
    const tasks: Queued[] = [newTask(), newTask(), newTask()].map((task, at) => ({
      ...task,
      conversation: at === 2 ? "other" : "one",
    }));
    expect(ids(choose(tasks).start)).toEqual([tasks[0]?.id, tasks[2]?.id]);
    const inUse = { accounts: new Set<string>(), conversations: new Set(["one"]) };
    expect(ids(choose(tasks, { inUse }).start)).toEqual([tasks[2]?.id]);
  });

  test("takes first within a priority what somebody wants to go on", () => {
    const [a, b, c] = [newTask(), newTask({ ahead: true }), newTask({ priority: 1 })];
    expect(ids(choose([a, b, c]).start)).toEqual(ids([c, b, a]));
  });

  test("asks for workspaces that are closed, but not for what is to wait in them", () => {
    const [a, b, c] = [
      newTask(),
      newTask({ workspace: "ws-b", waits: { code: "workspace_stopped", message: "" } }),
      newTask({ workspace: "ws-c" }),
    ];
    const stateOf = (workspace: WorkspaceId) => (workspace === "ws-c" ? "away" : "closed");
    expect(choose([a, b, c, newTask()], { stateOf })).toEqual({ start: [], wanted: ["ws-a"] });
    expect(choose([b]).start).toEqual([b]);
  });
});

const workspaces = ["ws-a", "ws-b", "ws-c"] as const;
const situation = fc
  .record({
    tasks: fc.array(
      fc.record({
        workspace: fc.constantFrom(...workspaces),
        priority: fc.integer({ min: -2, max: 2 }),
        notBefore: fc.constantFrom(0, 2_000),
        after: fc.option(fc.nat(9), { nil: undefined }),
      }),
      { maxLength: 40 },
    ),
    running: fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }),
    limits: fc.record({ perWorkspace: fc.integer({ min: 1, max: 4 }), global: fc.integer({ min: 1, max: 9 }) }),
    done: fc.nat(9),
  })
  .map(({ tasks, running, limits, done }) => {
    const queued = tasks.map(({ workspace, priority, notBefore, after }) =>
      newTask({ workspace, priority, notBefore, dependsOn: after === undefined ? [] : [`task-${after}`] }),
    );
    const isCompleted = (id: string): boolean => Number(id.slice(5)) < done;
    return {
      queued,
      running: new Map<WorkspaceId, number>(workspaces.map((id, at) => [id, running[at] ?? 0])),
      limits,
      isCompleted,
    };
  });

test("is never over a limit, leaves nothing that could begin, and lets nobody pass within a priority", () => {
  fc.assert(
    fc.property(situation, ({ queued, running, limits, isCompleted }) => {
      const { start } = choose(queued, { running, limits, isCompleted });
      const count = (workspace: WorkspaceId): number =>
        (running.get(workspace) ?? 0) + start.filter((task) => task.workspace === workspace).length;
      const all = workspaces.reduce((sum, workspace) => sum + count(workspace), 0);
      if (start.length > 0) expect(all).toBeLessThanOrEqual(limits.global);
      for (const { workspace } of start) expect(count(workspace)).toBeLessThanOrEqual(limits.perWorkspace);
      expect(new Set(start).size).toBe(start.length);
      const could = queued.filter(
        ({ notBefore = 0, dependsOn }) => notBefore <= 1_000 && dependsOn.every((id) => isCompleted(id)),
      );
      expect(start.every((task) => could.includes(task as (typeof queued)[number]))).toBe(true);
      for (const left of could.filter((task) => !start.includes(task))) {
        const isFull = all >= limits.global || count(left.workspace) >= limits.perWorkspace;
        expect(isFull).toBe(true);
        // Nobody of its own workspace who came later, or has less, was taken before it.
        const passed = start.filter(
          (task) =>
            task.workspace === left.workspace &&
            (task.priority < left.priority ||
              (task.priority === left.priority && queued.indexOf(task as typeof left) > queued.indexOf(left))),
        );
        expect(passed).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});
