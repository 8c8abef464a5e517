import { expect, test } from "vitest";
import { WsError } from "../errors.ts";
import { agentTask } from "../testing/agent-stand-in/agent-task.ts";
import { commandTask, createTaskWorld } from "../testing/task-world.ts";
import { isFinal, type TaskRecord } from "./task.ts";

/** A world whose rule can change at any time, and which says of whom it was asked. */
function ruled() {
  const rule: { refuses: boolean; asked: TaskRecord[] } = { refuses: false, asked: [] };
  const world = createTaskWorld({
    demand(record) {
      rule.asked.push(record);
      if (!rule.refuses) return;
      throw new WsError("command_not_allowed", { message: "command 'say' not allowed", data: {} as never });
    },
  });
  return { world, rule, runs: world.place("a", { variables: { ANTHROPIC_API_KEY: "k" } }).runs };
}

const REFUSED = { status: "failed", error: { code: "command_not_allowed" } };

test("what may not be run any more when its turn comes is not run, and says why", async () => {
  const { world, rule, runs } = ruled();
  await using tasks = world.boot();
  const first = tasks.create(commandTask(["held"]));
  const second = tasks.create(commandTask(["say"], { dependsOn: [first.id], retries: 5 }));
  await world.pass(0);
  rule.refuses = true;
  world.finish({ id: first.id, attempt: 1 });
  expect(await tasks.until(second.id, ({ status }) => isFinal(status))).toMatchObject({ ...REFUSED, attempt: 0 });
  // What ran already went on.
  expect(tasks.get(first.id).status).toBe("completed");
  expect(runs.begun).toEqual([`${first.id}.1`]);
});

test("each attempt is judged anew", async () => {
  const { world, rule, runs } = ruled();
  await using tasks = world.boot();
  const { id } = tasks.create(commandTask(["held"], { retries: 5 }));
  await world.pass(0);
  world.finish({ id, attempt: 1 }, 1);
  rule.refuses = true;
  await world.pass(5_000);
  expect(tasks.get(id)).toMatchObject({ ...REFUSED, attempt: 1 });
  expect(runs.begun).toEqual([`${id}.1`]);
});

test("what was to begin when the agent was killed is judged by the next one, and what had begun goes on", async () => {
  const { world, rule, runs } = ruled();
  const first = world.boot();
  const begun = first.create(commandTask(["held"]));
  await world.pass(0);
  const cut = first.create(commandTask(["held"], { notBefore: world.clock.now() + 1 }));
  await first[Symbol.asyncDispose]();
  world.store.update({ ...first.get(cut.id), status: "running", attempt: 1, startedAt: 1 });
  world.finish({ id: begun.id, attempt: 1 });
  rule.refuses = true;
  await using second = world.boot();
  expect(await second.until(cut.id, ({ status }) => isFinal(status))).toMatchObject(REFUSED);
  expect(await second.until(begun.id, ({ status }) => isFinal(status))).toMatchObject({ status: "completed" });
  expect(runs.begun).toEqual([`${begun.id}.1`]);
});

test("whoever lets a task go on is the one by whom it is judged from then on", async () => {
  const { world, rule } = ruled();
  await using tasks = world.boot();
  const rights = { token: "tok-1" };
  const { id } = tasks.create(agentTask("ask", {}, { rights }));
  await tasks.until(id, ({ status }) => status === "waiting_input");
  expect(rule.asked.at(-1)?.rights).toEqual(rights);
  tasks.resume(id, { prompt: "left", createdBy: "bob" });
  await tasks.until(id, ({ attempt }) => attempt === 2);
  expect(rule.asked.at(-1)?.rights).toBeUndefined();
});
