import { describe, expect, test } from "vitest";
import { WsError } from "../errors.ts";
import { commandTask, createTaskWorld } from "../testing/task-world.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";
import type { Tasks } from "./tasks.ts";

const ended = (tasks: Tasks, id: TaskId): Promise<TaskRecord> => tasks.until(id, ({ status }) => isFinal(status));

describe("a cancel", () => {
  test("of what waits takes effect at once, and never begins it", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const made = Array.from({ length: 4 }, () => tasks.create(commandTask(["held"])).id);
    const last = made.at(-1) ?? "task-";
    await expect.poll(() => runs.begun.length).toBe(3);
    expect(await tasks.cancel(last)).toMatchObject({ status: "cancelled", attempt: 0 });
    expect(await tasks.cancel(last)).toMatchObject({ status: "cancelled" });
    for (const id of made.slice(0, 3)) world.finish({ id, attempt: 1 });
    await ended(tasks, made[2] ?? "task-");
    expect(runs.begun).toHaveLength(3);
  });

  test("of what runs ends its program, and is recorded first", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"], { retries: 5 }));
    await expect.poll(() => runs.begun.length).toBe(1);
    const cancelling = tasks.cancel(id);
    expect(world.store.get(id)).toMatchObject({ status: "running", cancelling: true });
    expect(await cancelling).toMatchObject({ status: "cancelled", attempt: 1 });
    expect(await runs.list()).toMatchObject([{ ended: { how: "cancelled" } }]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])("while it is being started ends it too, after %s turns", async (turns) => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"]));
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    expect((await tasks.cancel(id)).status).toBe("cancelled");
    for (const { ended: end } of await runs.list()) expect(end?.how).toBe("cancelled");
  });

  test("of what cannot be reached is answered after a while, and done once it can", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"]));
    await expect.poll(() => runs.begun.length).toBe(1);
    const unreachable = new WsError("engine_lost", { message: "Lost.", data: { runtime: "docker" } });
    world.update("ws-a", { unreachable });
    world.disconnect("ws-a");
    const cancelling = tasks.cancel(id);
    await world.pass(10_000);
    expect(await cancelling).toMatchObject({ status: "running", cancelling: true });
    const place = world.places.get("ws-a");
    delete place?.unreachable;
    await world.pass(10_000);
    expect((await ended(tasks, id)).status).toBe("cancelled");
  });
});

describe("changes", () => {
  test("tell each state to who reads, and only the last to who is slow", async () => {
    const world = createTaskWorld();
    world.place("a");
    await using tasks = world.boot();
    const reading = new AbortController();
    const slow = tasks.changes(reading.signal);
    const { id } = tasks.create(commandTask(["say"]));
    await ended(tasks, id);
    const seen: string[] = [];
    for await (const record of slow) {
      seen.push(record.status);
      if (isFinal(record.status)) break;
    }
    expect(seen).toEqual(["completed"]);
  });
});

describe("output", () => {
  test("can be followed from before the first attempt to the end of the last one", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"], { retries: 1, notBefore: world.clock.now() + 500 }));
    const parts: string[] = [];
    const reading = (async () => {
      for await (const { attempt, bytes } of tasks.output(id, { follow: true })) {
        parts.push(`${attempt}: ${new TextDecoder().decode(bytes)}`);
        world.finish({ id, attempt }, attempt === 1 ? 1 : 0);
      }
    })();
    await world.pass(500);
    await tasks.until(id, ({ attempt, status }) => attempt === 1 && status === "pending");
    await world.pass(1_000);
    await reading;
    expect(parts).toEqual([`1: ${id}.1 began\n`, `2: ${id}.2 began\n`]);
    expect(tasks.get(id).status).toBe("completed");
    expect(runs.begun).toHaveLength(2);
  });

  test("goes on from an offset, and without following ends at the present", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a");
    await using tasks = world.boot();
    const { id } = tasks.create(commandTask(["held"]));
    const collect = async (offset: number): Promise<string> => {
      let text = "";
      for await (const { bytes } of tasks.output(id, { from: { attempt: 1, offset } })) {
        text += new TextDecoder().decode(bytes);
      }
      return text;
    };
    expect(await collect(0)).toBe("");
    await expect.poll(() => runs.begun.length).toBe(1);
    expect([await collect(0), await collect(id.length + 3), await collect(999)]).toEqual([
      `${id}.1 began\n`,
      "began\n",
      "",
    ]);
  });
});
