import fc from "fast-check";
import { expect, test } from "vitest";
import { agentTask } from "../../testing/agent-stand-in/agent-task.ts";
import { createTaskWorld } from "../../testing/task-world.ts";
import { isFinal, type TaskId, type TaskStatus } from "../task.ts";
import type { Tasks } from "../tasks.ts";

/** What tasks are asked to play, and what becomes of each in the end. */
const SCENES: Readonly<Record<string, TaskStatus>> = {
  ok: "completed",
  ask: "completed",
  "limit 1": "completed",
  "slow 700": "completed",
  linger: "completed",
  die: "failed",
  hang: "failed",
  silent: "failed",
};
const TOOLS = ["claude", "opencode"] as const;

/** Agents that are killed at any write of the store, and one at last that is not; whoever is asked answers at once. */
async function survive(kills: readonly number[]) {
  const world = createTaskWorld({ limits: { perWorkspace: 3, global: 8 } });
  for (const name of ["a", "b"]) world.place(name, { variables: { ANTHROPIC_API_KEY: name } });
  const real = { ...world.store };
  let left = Infinity;
  const dying =
    <T>(work: (given: T) => void) =>
    (given: T): void => {
      left -= 1;
      if (left < 0) throw new Error("killed");
      work(given);
    };
  world.store.update = dying(real.update);
  world.store.limit = dying(real.limit);
  world.store.unlimit = dying(real.unlimit);

  let tasks: Tasks = world.boot();
  const made = Object.entries(SCENES).flatMap(([scene, status]) =>
    TOOLS.map((tool, at) => {
      const spec = { tool, model: "anthropic/one" };
      const { id } = tasks.create(agentTask(`${scene} #${tool}`, spec, { workspace: at === 0 ? "a" : "b" }));
      return { id, prompt: `${scene} #${tool}`, status };
    }),
  );
  const answer = (): void => {
    for (const { id, status } of tasks.list({ statuses: ["waiting_input"] })) {
      if (status === "waiting_input" && left > 0) tasks.resume(id, { prompt: "left", createdBy: "ada" });
    }
  };
  for (const after of kills) {
    left = after;
    for (let times = 0; times < 4; times += 1) {
      await world.pass(500);
      if (left > 2) answer();
    }
    left = -1;
    await tasks[Symbol.asyncDispose]();
    left = Infinity;
    tasks = world.boot();
  }
  const isLive = ({ id }: { id: TaskId }): boolean => !isFinal(tasks.get(id).status);
  for (let times = 0; times < 200 && made.some(isLive); times += 1) {
    await world.pass(600_000);
    answer();
  }
  await tasks[Symbol.asyncDispose]();
  const begun = [...world.places.values()].flatMap(({ runs }) => runs.begun);
  return { made, begun, conversations: [...world.conversations.values()], get: (id: TaskId) => real.get(id) };
}

test(
  "however often the agent is killed, each tool's task comes to its end, begins each attempt once and is told its prompt once",
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 6 }), async (kills) => {
        const { made, begun, conversations, get } = await survive(kills);
        for (const { id, prompt, status } of made) {
          const record = get(id);
          expect([prompt, record?.status]).toEqual([prompt, status]);
          const attempts = begun.filter((run) => run.startsWith(`${id}.`));
          expect(attempts).toEqual(Array.from({ length: record?.attempt ?? 0 }, (_, at) => `${id}.${at + 1}`));
          expect(conversations.flat().filter((told) => told === prompt)).toHaveLength(1);
        }
        // An answer goes in once, too.
        expect(conversations.flat().filter((told) => told === "left")).toHaveLength(TOOLS.length);
      }),
      { numRuns: 12 },
    );
  },
);
