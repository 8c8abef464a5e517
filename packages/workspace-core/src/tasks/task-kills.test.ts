import fc from "fast-check";
import { expect, test } from "vitest";
import { frozen } from "../frozen.ts";
import { commandTask, createTaskWorld } from "../testing/task-world.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";

test("what runs goes on without an agent, and the next one brings it to its end", async () => {
  const world = createTaskWorld();
  const { runs } = world.place("a");
  const first = world.boot();
  const { id } = first.create(commandTask(["held"]));
  const dependent = first.create(commandTask(["say", "after"], { dependsOn: [id] }));
  await world.pass(0);
  await first[Symbol.asyncDispose]();
  world.finish({ id, attempt: 1 });
  expect(world.store.get(id)?.status).toBe("running");
  await using second = world.boot();
  expect(await second.until(dependent.id, ({ status }) => isFinal(status))).toMatchObject({ status: "completed" });
  expect(second.get(id)).toMatchObject({ status: "completed", attempt: 1 });
  expect(runs.begun).toEqual([`${id}.1`, `${dependent.id}.1`]);
});

test("a task that was recorded to run and never begun is begun by the next agent", async () => {
  const world = createTaskWorld();
  const { runs } = world.place("a");
  const first = world.boot();
  const { id } = first.create(commandTask(["say"], { notBefore: world.clock.now() + 1 }));
  await first[Symbol.asyncDispose]();
  const record = world.store.get(id);
  if (record !== undefined) world.store.update({ ...record, status: "running", attempt: 1, startedAt: 1 });
  await using second = world.boot();
  expect(await second.until(id, ({ status }) => isFinal(status))).toMatchObject({ status: "completed", attempt: 1 });
  expect(runs.begun).toEqual([`${id}.1`]);
});

test("a cancel that an agent was killed in is finished by the next, and never becomes anything else", async () => {
  const world = createTaskWorld();
  world.place("a");
  const first = world.boot();
  const { id } = first.create(commandTask(["held"], { retries: 3, restartable: true }));
  await world.pass(0);
  void first.cancel(id);
  await first[Symbol.asyncDispose]();
  await using second = world.boot();
  expect((await second.until(id, ({ status }) => isFinal(status))).status).toBe("cancelled");
});

test("what depends on a task that failed just before a kill is cancelled by the next agent", async () => {
  const world = createTaskWorld();
  world.place("a");
  const first = world.boot();
  const { id } = first.create(commandTask(["held"]));
  const chain = [1, 2].reduce<TaskId[]>(
    (made) => [...made, first.create(commandTask(["say"], { dependsOn: [made.at(-1) ?? id] })).id],
    [],
  );
  await first[Symbol.asyncDispose]();
  const record = world.store.get(id);
  if (record !== undefined) world.store.update({ ...record, status: "failed", completedAt: 1 });
  await using second = world.boot();
  for (const other of chain) {
    expect(second.get(other)).toMatchObject({ status: "cancelled", error: { code: "dependency_failed" } });
  }
});

test("a workspace that was stopped or deleted while no agent ran is told to its tasks by the next", async () => {
  const world = createTaskWorld();
  world.place("a");
  world.place("b");
  const first = world.boot();
  const [stopped, deleted] = ["a", "b"].map((workspace) => first.create(commandTask(["held"], { workspace })).id);
  const waits = first.create(commandTask(["say"], { workspace: "b", notBefore: world.clock.now() + 1_000 }));
  await world.pass(0);
  await first[Symbol.asyncDispose]();
  world.stop("ws-a");
  world.remove("ws-b");
  await using second = world.boot();
  await world.pass(0);
  for (const id of [stopped, deleted]) {
    expect(second.get(id ?? "task-")).toMatchObject({ status: "failed", error: { code: "workspace_stopped" } });
  }
  expect(second.get(waits.id)).toMatchObject({ status: "cancelled", error: { code: "workspace_deleted" } });
});

interface Kill {
  /** After so many writes of the store the agent is gone; nothing that it does from then on is kept. */
  after: number;
}

/** One try: 33 tasks in three workspaces, agents that are killed at any write, and one at last that is not. */
async function survive(kills: readonly Kill[], codes: readonly number[]) {
  const world = createTaskWorld({ limits: { perWorkspace: 3, global: 8 } });
  for (const name of ["a", "b", "c"]) world.place(name);
  const finals = new Map<TaskId, string[]>();
  const told = (record: TaskRecord): void => {
    if (isFinal(record.status)) finals.set(record.id, [...(finals.get(record.id) ?? []), record.status]);
  };
  const real = { ...world.store };
  let left = Infinity;
  const dying = (work: () => void): void => {
    left -= 1;
    if (left < 0) throw new Error("killed");
    work();
  };
  world.store.update = (record) =>
    dying(() => {
      real.update(record);
      told(frozen(record));
    });
  const answer = (): void => {
    for (const [run, end] of world.held) {
      const at = Number.parseInt(run.slice(5, 17), 36);
      end(codes[at % codes.length] ?? 0);
    }
  };

  const first = world.boot();
  const made: TaskId[] = [];
  for (let index = 0; index < 33; index += 1) {
    const workspace = ["a", "b", "c"][index % 3] ?? "a";
    const before = made[index - 4];
    const more = { workspace, retries: index % 3, restartable: index % 2 === 0, priority: index % 5 };
    const dependsOn = index % 4 === 0 && before !== undefined ? { dependsOn: [before] } : {};
    made.push(first.create(commandTask(["held"], { ...more, ...dependsOn })).id);
  }
  let tasks = first;
  for (const { after } of kills) {
    left = after;
    for (let times = 0; times < 4; times += 1) {
      await world.pass(500);
      answer();
    }
    // A killed agent writes nothing more; what it still has in memory is gone with it.
    left = -1;
    await tasks[Symbol.asyncDispose]();
    left = Infinity;
    tasks = world.boot();
  }
  for (let times = 0; times < 400 && made.some((id) => !isFinal(tasks.get(id).status)); times += 1) {
    await world.pass(1_000);
    answer();
  }
  await tasks[Symbol.asyncDispose]();
  const begun = [...world.places.values()].flatMap(({ runs }) => runs.begun);
  return { made, finals, begun, get: (id: TaskId) => real.get(id) };
}

test(
  "however often the agent is killed, every task has one end, and every attempt begins once",
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ after: fc.nat(40) }), { maxLength: 6 }),
        fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 5, maxLength: 11 }),
        async (kills, codes) => {
          const { made, finals, begun, get } = await survive(kills, codes);
          for (const id of made) {
            const record = get(id);
            expect([id, finals.get(id)]).toEqual([id, [record?.status]]);
            const attempts = begun.filter((run) => run.startsWith(`${id}.`));
            const wanted = Array.from({ length: record?.attempt ?? 0 }, (_, at) => `${id}.${at + 1}`);
            expect(attempts).toEqual(wanted);
          }
        },
      ),
      { numRuns: 25 },
    );
  },
);
