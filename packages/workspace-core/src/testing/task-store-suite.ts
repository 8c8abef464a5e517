import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import type { TaskRecord } from "../tasks/task.ts";
import type { TaskStore } from "../tasks/task-store.ts";
import { newTask } from "./new-task.ts";

export interface TaskStoreSubject extends AsyncDisposable {
  store: TaskStore;
  /** The same content opened anew, as after a restart. Absent for a store that forgets. */
  reopen?: () => Promise<TaskStore>;
}

/** What every TaskStore has to do, whatever it is made of. */
export function taskStoreSuite(title: string, make: () => Promise<TaskStoreSubject>): void {
  const codeOf = (work: () => void): unknown => {
    try {
      work();
      return undefined;
    } catch (error) {
      return isWsError(error) ? error.code : error;
    }
  };
  const ids = (records: readonly TaskRecord[]): string[] => records.map(({ id }) => id);

  describe(`${title} is a store of tasks`, () => {
    test("gives back what was inserted, to the last byte, and knows nothing of what was not", async () => {
      await using subject = await make();
      const { store } = subject;
      const task = newTask({
        title: "Zeile\nzwei ✓",
        spec: { kind: "command", argv: ["sh", "-c", "echo \u0001"], env: { A: "1\n2" }, stdin: "in" },
        dependsOn: ["task-before"],
        key: "k",
        waits: { code: "workspace_stopped", message: "It was stopped.", next: "Start it." },
      });
      store.insert(task);
      expect(store.get(task.id)).toEqual(task);
      expect(store.getByKey("ws-a", "k")).toEqual(task);
      expect([store.get("task-none"), store.getByKey("ws-b", "k"), store.getByKey("ws-a", "other")]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });

    test("gives records that nobody can change", async () => {
      await using subject = await make();
      const { store } = subject;
      const task = newTask();
      store.insert(task);
      const readers = [store.get(task.id), ...store.list(), ...store.live()];
      expect(readers).toHaveLength(3);
      for (const read of readers) expect(() => Object.assign(read?.spec ?? {}, { kind: "x" })).toThrow(TypeError);
    });

    test("never has two tasks of one key in one workspace, nor two of one id", async () => {
      await using subject = await make();
      const { store } = subject;
      const task = newTask({ key: "k" });
      store.insert(task);
      expect(codeOf(() => store.insert(newTask({ key: "k" })))).toBe("idempotency_mismatch");
      expect(codeOf(() => store.insert({ ...task, key: "other" }))).toBe("internal");
      store.insert(newTask({ key: "k", workspace: "ws-b" }));
      store.insert(newTask());
      store.insert(newTask());
      expect(store.live()).toHaveLength(4);
    });

    test("replaces a task as a whole, until it is over and never after", async () => {
      await using subject = await make();
      const { store } = subject;
      const task = newTask({ notBefore: 9 });
      store.insert(task);
      const { notBefore: _notBefore, ...running } = { ...task, status: "running" as const, attempt: 1 };
      store.update(running);
      expect(store.get(task.id)).toEqual(running);
      store.update({ ...running, status: "completed", completedAt: 7 });
      expect(codeOf(() => store.update({ ...running, status: "failed" }))).toBe("illegal_transition");
      expect(codeOf(() => store.update(newTask()))).toBe("task_not_found");
      expect(store.get(task.id)).toMatchObject({ status: "completed", completedAt: 7 });
    });

    test("lists the last created first, page by page, by workspace and by state", async () => {
      await using subject = await make();
      const { store } = subject;
      // All within one millisecond: their order is that of their creation all the same.
      const [a, b, c, d] = [newTask(), newTask({ workspace: "ws-b" }), newTask(), newTask()];
      for (const task of [d, c, b, a]) store.insert(task);
      store.update({ ...c, status: "failed", completedAt: 3 });
      expect(ids(store.list())).toEqual([a.id, b.id, c.id, d.id]);
      expect(ids(store.list({ workspace: "ws-a", limit: 2 }))).toEqual([a.id, c.id]);
      expect(ids(store.list({ workspace: "ws-a", limit: 2, before: c.id }))).toEqual([d.id]);
      expect(ids(store.list({ statuses: ["failed", "completed"] }))).toEqual([c.id]);
      expect(store.list({ before: "task-none" })).toEqual([]);
      expect(store.list({ limit: 0 })).toEqual([]);
      expect(ids(store.live())).toEqual([d.id, b.id, a.id]);
    });

    test("knows the last try of a task, however often and from which try it was made, also once the first is forgotten", async () => {
      await using subject = await make();
      const { store } = subject;
      const [first, other] = [newTask(), newTask()];
      const second = newTask({ retryOf: first.id, spec: { kind: "code", language: "sh", code: "x".repeat(20_000) } });
      const third = newTask({ retryOf: first.id });
      const ofSecond = newTask({ retryOf: second.id });
      for (const task of [first, second, third, other]) store.insert(task);
      expect(store.latestRetry(first.id)).toEqual(third);
      expect(store.latestRetry(second.id)).toEqual(second);
      store.insert(ofSecond);
      expect([first, second, third, other].map(({ id }) => store.latestRetry(id)?.id)).toEqual([
        ofSecond.id,
        ofSecond.id,
        third.id,
        other.id,
      ]);
      store.update({ ...first, status: "failed", completedAt: 1 });
      store.forget(2);
      const again = (await subject.reopen?.()) ?? store;
      expect(again.latestRetry(first.id)?.id).toBe(ofSecond.id);
      expect(again.latestRetry("task-none")).toBeUndefined();
    });

    test("forgets what was over long ago, with its key, and nothing else", async () => {
      await using subject = await make();
      const { store } = subject;
      const [old, late, live] = [newTask({ key: "k" }), newTask(), newTask()];
      for (const task of [old, late, live]) store.insert(task);
      store.update({ ...old, status: "cancelled", completedAt: 10 });
      store.update({ ...late, status: "completed", completedAt: 20 });
      store.forget(20);
      expect(ids(store.list())).toEqual([live.id, late.id]);
      expect(store.getByKey("ws-a", "k")).toBeUndefined();
    });

    test("keeps what accounts wait for, one limit each, and after a restart too", async () => {
      await using subject = await make();
      const { store } = subject;
      expect(store.limits()).toEqual([]);
      store.limit({ account: "claude:a", until: 1_000, times: 0 });
      store.limit({ account: "codex:'b'", until: 2_000, times: 1 });
      store.limit({ account: "claude:a", until: 3_000, times: 2 });
      const again = (await subject.reopen?.()) ?? store;
      expect(again.limits().toSorted((a, b) => b.until - a.until)).toEqual([
        { account: "claude:a", until: 3_000, times: 2 },
        { account: "codex:'b'", until: 2_000, times: 1 },
      ]);
      again.unlimit("claude:a");
      again.unlimit("nobody's");
      expect(again.limits()).toEqual([{ account: "codex:'b'", until: 2_000, times: 1 }]);
    });

    test("still has everything after a restart, in its order", async () => {
      await using subject = await make();
      const { store } = subject;
      const tasks = [newTask(), newTask({ key: "k" }), newTask()];
      for (const task of tasks) store.insert(task);
      const [first = newTask()] = tasks;
      store.update({ ...first, status: "running", attempt: 1 });
      const again = (await subject.reopen?.()) ?? store;
      expect(ids(again.live())).toEqual(ids(tasks));
      expect(again.get(first.id)).toMatchObject({ status: "running", attempt: 1 });
      expect(again.getByKey("ws-a", "k")?.id).toBe(tasks[1]?.id);
    });
  });
}
