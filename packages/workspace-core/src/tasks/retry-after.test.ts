import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import { agentTask } from "../testing/agent-stand-in/agent-task.ts";
import { commandTask, createTaskWorld, leasedTask } from "../testing/task-world.ts";
import { isNumberZero } from "./number-zero.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";

const BOB = { createdBy: "bob" };

function refusal(work: () => unknown): { code: string; message: string; next: string | undefined } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!isWsError(error)) throw error;
    return { code: error.code, message: error.message, next: error.next };
  }
}

describe("a retry of a task that comes after others", () => {
  test("is refused while one of them was not completed, and says which is to be tried again first", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const failed = tasks.create(commandTask(["fail"]));
    const middle = tasks.create(commandTask(["say"], { dependsOn: [failed.id] }));
    const last = tasks.create(commandTask(["say"], { dependsOn: [middle.id] }));
    await tasks.until(last.id, ({ status }) => isFinal(status));
    expect(refusal(() => tasks.retry(last.id, BOB))).toEqual({
      code: "dependency_failed",
      message: `The task ${last.id} comes after ${middle.id}, which was cancelled.`,
      next: `Try that one again first: ws task retry ${middle.id}.`,
    });
    expect(refusal(() => tasks.retry(middle.id, BOB))).toMatchObject({
      message: `The task ${middle.id} comes after ${failed.id}, which failed.`,
    });
    await world.pass(0);
    expect([tasks.list().length, runs.begun]).toEqual([3, [`${failed.id}.1`]]);
  });

  test("waits for the latest retry of each, whichever try that was made from, and goes with it", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const first = tasks.create(commandTask(["held"]));
    const after = tasks.create(commandTask(["say"], { dependsOn: [first.id] }));
    await tasks.cancel(first.id);
    const second = tasks.retry(first.id, BOB);
    await tasks.cancel(second.id);
    const third = tasks.retry(first.id, BOB);
    await tasks.cancel(third.id);
    expect(refusal(() => tasks.retry(after.id, BOB))?.next).toContain(third.id);
    const fourth = tasks.retry(second.id, BOB);
    const again = tasks.retry(after.id, BOB);
    expect(again).toMatchObject({ status: "pending", dependsOn: [fourth.id], retryOf: after.id });
    expect(tasks.waitsFor(again)).toEqual([fourth.id]);
    await world.pass(60_000);
    expect(tasks.get(again.id)).toMatchObject({ status: "pending", attempt: 0 });
    world.finish({ id: fourth.id, attempt: 1 });
    expect(await tasks.until(again.id, ({ status }) => isFinal(status))).toMatchObject({ status: "completed" });
    expect(tasks.waitsFor(tasks.get(again.id))).toEqual([]);
    // By now all of them are, and it begins at once.
    expect(await tasks.until(tasks.retry(again.id, BOB).id, ({ status }) => isFinal(status))).toMatchObject({
      status: "completed",
      dependsOn: [fourth.id],
    });
  });

  test("is told when one of several that it waits for is done", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const [one, two] = [tasks.create(commandTask(["held"])), tasks.create(commandTask(["held"]))];
    const { id } = tasks.create(commandTask(["say"], { dependsOn: [one.id, two.id] }));
    await world.pass(0);
    const stop = new AbortController();
    const told: TaskId[][] = [];
    const listening = (async () => {
      for await (const record of tasks.changes(stop.signal))
        if (record.id === id) told.push([...tasks.waitsFor(record)]);
    })().catch(() => undefined);
    await world.pass(0);
    world.finish({ id: one.id, attempt: 1 });
    await world.pass(0);
    stop.abort();
    await listening;
    expect(told).toEqual([[two.id]]);
  });

  test("of a task that is forgotten needs it no more where it had begun, and is refused where nobody knows", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const due = world.clock.now() + 86_400_000;
    const before = tasks.create(commandTask(["say"]));
    await tasks.until(before.id, ({ status }) => isFinal(status));
    const ran = tasks.create(commandTask(["fail"], { dependsOn: [before.id], notBefore: due }));
    const never = tasks.create(commandTask(["say"], { dependsOn: [before.id], notBefore: due + 1_000_000 }));
    await world.pass(86_400_000);
    await tasks.until(ran.id, ({ status }) => isFinal(status));
    await tasks.cancel(never.id);
    world.store.forget(world.clock.now());
    expect(world.store.get(before.id)).toBeUndefined();
    expect(tasks.retry(ran.id, BOB)).toMatchObject({ dependsOn: [] });
    expect(refusal(() => tasks.retry(never.id, BOB))).toMatchObject({
      code: "dependency_failed",
      message: `The task ${never.id} comes after ${before.id}, which is forgotten: nobody knows whether it was completed.`,
    });
  });

  test("takes no workspace of its own before they are completed", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const first = tasks.create(commandTask(["held"]));
    const leased = tasks.createLeased(leasedTask(["say"], { dependsOn: [first.id] }));
    await tasks.cancel(first.id);
    expect(refusal(() => tasks.retry(leased.id, BOB))?.code).toBe("dependency_failed");
    const before = tasks.retry(first.id, BOB);
    const again = tasks.retry(leased.id, BOB);
    await world.pass(60_000);
    expect([isNumberZero(again.workspace), world.leasing.made]).toEqual([true, []]);
    world.finish({ id: before.id, attempt: 1 });
    expect(await tasks.until(again.id, ({ status }) => isFinal(status))).toMatchObject({ status: "completed" });
  });

  test("of a coding tool is asked for where there is no conversation to go on with", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const first = tasks.create(commandTask(["fail"]));
    const { id } = tasks.create(agentTask("do it", {}, { dependsOn: [first.id] }));
    await tasks.until(id, ({ status }) => isFinal(status));
    expect(refusal(() => tasks.resume(id, { ...BOB, prompt: "go on" }))?.code).toBe("session_missing");
    expect(refusal(() => tasks.retry(id, BOB))?.code).toBe("dependency_failed");
  });
});

test("a retry of what was cancelled before its time begins no earlier than was asked for", async () => {
  const world = createTaskWorld();
  world.place("a");
  await using tasks = world.boot();
  const notBefore = world.clock.now() + 3_600_000;
  const { id } = tasks.create(commandTask(["say"], { notBefore }));
  await tasks.cancel(id);
  const again = tasks.retry(id, BOB);
  expect(again).toMatchObject({ status: "pending", notBefore });
  await world.pass(3_599_000);
  expect(tasks.get(again.id).status).toBe("pending");
  await world.pass(1_000);
  expect(await tasks.until(again.id, ({ status }) => isFinal(status))).toMatchObject({ status: "completed" });
});

/** The first try of a task. */
function rootOf(id: TaskId, get: (id: TaskId) => TaskRecord): TaskId {
  const { retryOf } = get(id);
  return retryOf === undefined ? id : rootOf(retryOf, get);
}

test("whatever fails, is cancelled and tried again, a task comes after the same, and begins once all of it is completed", async () => {
  const step = fc.record({
    what: fc.constantFrom("create", "complete", "fail", "cancel", "retry", "retry", "restart"),
    at: fc.nat(20),
    before: fc.array(fc.nat(20), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = createTaskWorld();
      world.place("a");
      let tasks = world.boot();
      const made: TaskId[] = [tasks.create(commandTask(["held"])).id];
      const chosen = (at: number): TaskId => made[at % made.length] ?? "task-";
      for (const { what, at, before } of steps) {
        const { id, attempt } = tasks.get(chosen(at));
        if (what === "create") {
          made.push(tasks.create(commandTask(["held"], { dependsOn: before.map(chosen) })).id);
        } else if (what === "retry") {
          try {
            made.push(tasks.retry(id, BOB).id);
          } catch (error) {
            expect(isWsError(error, "dependency_failed") || isWsError(error, "illegal_transition")).toBe(true);
          }
        } else if (what === "cancel") await tasks.cancel(id);
        else if (what === "restart") {
          await tasks[Symbol.asyncDispose]();
          tasks = world.boot();
        } else world.finish({ id, attempt }, what === "fail" ? 1 : 0);
        await world.pass(0);
      }
      const roots = (ids: readonly TaskId[]) => new Set(ids.map((one) => rootOf(one, tasks.get)));
      for (const { dependsOn, retryOf, attempt } of made.map(tasks.get)) {
        if (attempt > 0)
          expect(dependsOn.map((one) => tasks.get(one).status)).toEqual(dependsOn.map(() => "completed"));
        if (retryOf !== undefined) expect(roots(dependsOn)).toEqual(roots(tasks.get(retryOf).dependsOn));
      }
      await tasks[Symbol.asyncDispose]();
    }),
    { numRuns: 40 },
  );
});
