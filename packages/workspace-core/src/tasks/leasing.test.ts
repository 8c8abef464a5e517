import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWsError, WsError } from "../errors.ts";
import { agentTask } from "../testing/agent-stand-in/agent-task.ts";
import { commandTask, createTaskWorld, leasedTask } from "../testing/task-world.ts";
import { isNumberZero } from "./number-zero.ts";
import { isFinal, type TaskId } from "./task.ts";

type World = ReturnType<typeof createTaskWorld>;

const holders = ({ leasing }: World): string[] => leasing.store.list().map(({ holder }) => holder);

describe("a task that takes a workspace of its own", () => {
  test("has none until what it depends on is done, then one, and runs there", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const first = tasks.create(commandTask(["held"]));
    const { id, workspace } = tasks.createLeased(leasedTask(["say", "hi"], { dependsOn: [first.id] }));
    await world.pass(60_000);
    expect(isNumberZero(workspace)).toBe(true);
    expect(tasks.get(id)).toMatchObject({ status: "pending", workspace, attempt: 0 });
    expect([world.leasing.made, holders(world)]).toEqual([[], []]);
    world.finish({ id: first.id, attempt: 1 });
    const done = await tasks.until(id, ({ status }) => isFinal(status));
    expect(done).toMatchObject({ status: "completed", workspace: "ws-leased1", lease: { id: "lease-1" } });
    expect(world.places.get("ws-leased1")).toMatchObject({ name: "app-1", runs: { begun: [`${id}.1`] } });
    // Its work stays until somebody gives it back.
    expect(holders(world)).toEqual([id]);
  });

  test("is cancelled with what it depends on, and nothing was leased", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const first = tasks.create(commandTask(["fail"]));
    const { id } = tasks.createLeased(leasedTask(["say"], { dependsOn: [first.id] }));
    expect(await tasks.until(id, ({ status }) => isFinal(status))).toMatchObject({
      error: { code: "dependency_failed" },
    });
    expect(world.leasing.made).toEqual([]);
  });

  test("waits while its project has no free one, says so, and goes on once there is", async () => {
    const world = createTaskWorld({ most: 1 });
    await using tasks = world.boot();
    const first = tasks.createLeased(leasedTask(["held"]));
    const second = tasks.createLeased(leasedTask(["say"]));
    await world.pass(0);
    // By then it is tried but once a minute.
    for (let times = 0; times < 10; times += 1) await world.pass(60_000);
    expect(tasks.get(first.id)).toMatchObject({ status: "running" });
    expect(tasks.get(second.id)).toMatchObject({ status: "pending", waits: { code: "lease_unavailable" } });
    const [lease] = world.leasing.store.list();
    world.finish({ id: first.id, attempt: 1 });
    await world.pass(0);
    world.remove("ws-leased1");
    await world.pass(0);
    world.leasing.store.release(lease?.id ?? "", lease?.token ?? 0);
    await world.pass(2_000);
    expect(await tasks.until(second.id, ({ status }) => isFinal(status))).toMatchObject({ status: "completed" });
    expect(tasks.get(second.id).waits).toBeUndefined();
  });

  test("does not hold up the tasks of other workspaces while it waits for one", async () => {
    const world = createTaskWorld({ most: 0, limits: { perWorkspace: 1, global: 1 } });
    world.place("a");
    await using tasks = world.boot();
    const waits = tasks.createLeased(leasedTask(["say"], { priority: 100 }));
    const { id } = tasks.create(commandTask(["say"]));
    await world.pass(1_000);
    expect(await tasks.until(id, ({ status }) => isFinal(status))).toMatchObject({ status: "completed" });
    expect(tasks.get(waits.id)).toMatchObject({ status: "pending", waits: { code: "lease_unavailable" } });
  });

  test("has failed where none can be made, and says at which stage and why; what only passes is waited for", async () => {
    const world = createTaskWorld();
    await using tasks = world.boot();
    const cause = new WsError("engine_unreachable", { message: "It is away.", data: {} as never });
    world.leasing.trouble.fails = cause;
    const { id } = tasks.createLeased(leasedTask(["say"]));
    await world.pass(0);
    expect(tasks.get(id)).toMatchObject({ status: "pending", waits: { code: "lease_failed" } });
    world.leasing.trouble.fails = new WsError("authentication_failed", { message: "No.", data: {} as never });
    await world.pass(5_000);
    const { error, status } = await tasks.until(id, (one) => isFinal(one.status));
    expect([status, error?.code]).toEqual(["failed", "lease_failed"]);
    expect(error?.message).toContain("materialization");
    expect(holders(world)).toEqual([]);
    world.leasing.trouble.fails = undefined;
    const again = tasks.retry(id, { createdBy: "bob" });
    expect(await tasks.until(again.id, (one) => isFinal(one.status))).toMatchObject({
      status: "completed",
      retryOf: id,
    });
  });

  test("that is cancelled while its workspace is made leaves none", async () => {
    const world = createTaskWorld();
    await using tasks = world.boot();
    const gate = Promise.withResolvers<void>();
    world.leasing.trouble.gate = gate.promise;
    const making = tasks.createLeased(leasedTask(["say"]));
    await world.pass(0);
    expect(tasks.get(making.id).waits?.code).toBe("workspace_leasing");
    expect((await tasks.cancel(making.id)).status).toBe("cancelled");
    gate.resolve();
    await world.pass(0);
    expect([holders(world), world.leasing.made]).toEqual([[], []]);
  });

  test("that is cancelled in its workspace before it began leaves none, unless somebody else asked for something there", async () => {
    const world = createTaskWorld();
    await using tasks = world.boot();
    const { workspace: _workspace, ...prompt } = agentTask("ok");
    /** One that has its workspace and lacks a login. */
    const placed = async () => {
      const { id } = tasks.createLeased({ ...leasedTask(["say"]), ...prompt });
      await tasks.until(id, ({ status }) => status === "auth_failed");
      expect(holders(world)).toEqual([id]);
      return id;
    };
    await tasks.cancel(await placed());
    await world.pass(0);
    expect([holders(world), world.places.size]).toEqual([[], 0]);
    const shared = await placed();
    tasks.create(commandTask(["held"], { workspace: "app-1" }));
    await tasks.cancel(shared);
    await world.pass(0);
    expect(holders(world)).toEqual([shared]);
  });

  test("of a coding tool counts into an account that is known once it has its workspace", async () => {
    const world = createTaskWorld();
    await using tasks = world.boot();
    const { workspace: _workspace, ...prompt } = agentTask("ok");
    const { id } = tasks.createLeased({ ...leasedTask(["say"]), ...prompt });
    expect(await tasks.until(id, ({ status }) => status === "auth_failed")).toMatchObject({
      account: "claude:ws-leased1",
      attempt: 0,
    });
  });

  test("is the same for the same request under one key, before and after it has its workspace", async () => {
    const world = createTaskWorld();
    await using tasks = world.boot();
    const asked = leasedTask(["say"], { key: "nightly" });
    const first = tasks.createLeased(asked);
    expect(tasks.createLeased(asked).id).toBe(first.id);
    await tasks.until(first.id, ({ status }) => isFinal(status));
    expect(tasks.createLeased(asked).id).toBe(first.id);
    expect(world.leasing.made).toHaveLength(1);
    const other = { ...asked, lease: { ...asked.lease, reference: "#git:app/fix" } };
    let code: unknown;
    try {
      tasks.createLeased(other);
    } catch (error) {
      code = isWsError(error) ? error.code : error;
    }
    expect(code).toBe("idempotency_mismatch");
  });

  test("that is tried again goes on in its workspace as long as that is there", async () => {
    const world = createTaskWorld();
    await using tasks = world.boot();
    const { id } = tasks.createLeased(leasedTask(["fail"]));
    await tasks.until(id, ({ status }) => isFinal(status));
    const again = tasks.retry(id, { createdBy: "ada" });
    expect(again.workspace).toBe("ws-leased1");
    await tasks.until(again.id, ({ status }) => isFinal(status));
    world.remove("ws-leased1");
    const anew = tasks.retry(id, { createdBy: "ada" });
    await tasks.until(anew.id, ({ status }) => isFinal(status));
    expect(world.leasing.made).toHaveLength(2);
  });
});

/** Agents that are killed at any write of the tasks or of the leases, and one at last that is not. */
async function survive(kills: readonly number[], cancelled: readonly number[]) {
  const world = createTaskWorld({ most: 3 });
  world.place("a");
  let left = Infinity;
  const dying = <A extends unknown[], R>(work: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      left -= 1;
      if (left < 0) throw new Error("killed");
      return work(...args);
    };
  };
  const { store } = world.leasing;
  store.acquire = dying(store.acquire);
  store.update = dying(store.update);
  store.release = dying(store.release);
  world.store.update = dying(world.store.update);
  let tasks = world.boot();
  const before = tasks.create(commandTask(["held"]));
  const made = Array.from({ length: 5 }, (_, index) =>
    tasks.createLeased(leasedTask(["held"], { dependsOn: [before.id], key: `k${index}`, retries: index % 2 })),
  );
  const finish = (): void => {
    for (const end of world.held.values()) end(0);
  };
  const cancel = (): void => {
    for (const index of cancelled) {
      const id = made[index]?.id ?? before.id;
      try {
        void tasks.cancel(id).catch(() => undefined);
      } catch {
        // The agent is gone; the next one is asked.
      }
    }
  };
  for (const [round, after] of kills.entries()) {
    left = after;
    // At once: what an earlier agent had leased, or was about to, has not begun.
    if (round === 1) cancel();
    await world.pass(500);
    finish();
    await world.pass(2_000);
    left = -1;
    await tasks[Symbol.asyncDispose]();
    left = Infinity;
    tasks = world.boot();
  }
  /** Whoever has what it wanted gives its workspace back. */
  const giveBack = (): void => {
    for (const lease of store.list()) {
      const record = world.store.get(lease.holder as TaskId);
      if (record === undefined || record.attempt === 0 || !isFinal(record.status) || lease.stage !== "handed_over")
        continue;
      world.remove(record.workspace);
      store.release(lease.id, lease.token);
    }
  };
  for (let times = 0; times < 200 && made.some(({ id }) => !isFinal(tasks.get(id).status)); times += 1) {
    await world.pass(15_000);
    finish();
    giveBack();
  }
  giveBack();
  await world.pass(60_000);
  await tasks[Symbol.asyncDispose]();
  return { world, made };
}

test(
  "however often the agent is killed, no task has two workspaces, and none is left that nobody has",
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(30), { maxLength: 5 }),
        fc.subarray([0, 1, 2, 3, 4]),
        async (kills, cancelled) => {
          const { world, made } = await survive(kills, cancelled);
          for (const { id } of made) {
            const { status, attempt, workspace, key } = world.store.get(id) ?? {
              status: "none",
              attempt: -1,
              workspace: "",
            };
            expect([id, status]).toEqual([id, attempt === 0 ? "cancelled" : status]);
            expect(["completed", "cancelled"]).toContain(status);
            expect(world.store.getByKey("ws-0:app", key ?? "")?.id).toBe(id);
            if (attempt > 0) expect(world.leasing.made).toContain(workspace);
          }
          // All that was leased has been given back: by those that ended before they began themselves.
          expect(holders(world)).toEqual([]);
          expect([...world.places.keys()]).toEqual(["ws-a"]);
        },
      ),
      { numRuns: 40 },
    );
  },
);
