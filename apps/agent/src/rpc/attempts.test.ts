import { expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { command, ended } from "../testing/tasks.ts";
import { REPO, start } from "../testing/with-github.ts";

async function startWithDemo() {
  const world = await start();
  await world.workspaces.create({ name: "demo", clone: REPO, base: "main" });
  return world;
}

test("attempts are workspaces of their own, from where theirs began, each with the task; repeated under a key they are the same", async () => {
  const { agent } = await startWithDemo();
  const { attempts, tasks, workspaces } = agent.local;
  const asked = { name: "demo", spec: command("hello"), count: 3, title: "Greet", idempotencyKey: "k" };
  const made = await attempts.start(asked);
  expect(made).toMatchObject({ title: "Greet", repo: REPO, base: "main" });
  expect(made.attempts.map(({ name }) => name)).toEqual(["demo-1", "demo-2", "demo-3"]);
  const branches = made.attempts.map(({ branch }) => branch);
  expect(new Set(branches).size).toBe(3);
  for (const { name, task } of made.attempts) {
    await ended(agent.local, task?.id ?? "");
    expect(await workspaces.get({ name })).toMatchObject({ repo: REPO, baseBranch: "main", autoCleanup: false });
  }
  const again = await attempts.start(asked);
  expect(again.attempts.map(({ workspaceId }) => workspaceId)).toEqual(
    made.attempts.map(({ workspaceId }) => workspaceId),
  );
  expect(await tasks.list()).toHaveLength(3);
  expect((await attempts.list()).map(({ id }) => id)).toEqual([made.id]);
  const other = await attempts.start({ ...asked, count: 2, idempotencyKey: "other" });
  expect(other.attempts.map(({ name }) => name)).toEqual(["demo-1-1", "demo-2-1"]);
});

test("who makes which attempt is said in turn, and nothing is left of what is refused", async () => {
  const { agent } = await startWithDemo();
  const { attempts, workspaces } = agent.local;
  const spec = { kind: "agent", prompt: "Make it so" } as const;
  const made = await attempts.start({
    name: "demo",
    spec,
    count: 3,
    agents: [{ tool: "claude" }, { tool: "codex", model: "gpt-5" }],
  });
  expect(made.attempts.map(({ task }) => [task?.tool, task?.model])).toEqual([
    ["claude", undefined],
    ["codex", "gpt-5"],
    ["claude", undefined],
  ]);
  const before = (await workspaces.list()).length;
  const refused = attempts.start({ name: "demo", spec, count: 2, agents: [{ tool: "claude" }, { tool: "nothing" }] });
  expect(await refusal(refused)).toMatch(/tool_unknown/);
  expect(await workspaces.list()).toHaveLength(before);
});

test("attempts are of one repository, which is said once", async () => {
  const { agent } = await startWithDemo();
  const { attempts, workspaces } = agent.local;
  await workspaces.create({ name: "empty" });
  const plain = { spec: command("hello"), count: 2 };
  for (const asked of [plain, { ...plain, name: "demo", clone: REPO }, { ...plain, name: "empty" }]) {
    expect(await refusal(attempts.start(asked))).toMatch(/invalid_input/);
  }
  const named = await attempts.start({ ...plain, clone: `${REPO}.git` });
  expect(named.attempts.map(({ name }) => name)).toEqual(["repo-1", "repo-2"]);
  expect(await refusal(attempts.show({ id: "attempts-000000000000" }))).toMatch(/execution_not_found/);
});

test("one is picked; of the others goes what would be missed nowhere, and the rest only where that is said", async () => {
  const { agent } = await startWithDemo();
  const { attempts, workspaces } = agent.local;
  const { id } = await attempts.start({ name: "demo", spec: command("sleep"), count: 3 });
  expect(await refusal(attempts.pick({ id, name: "demo" }))).toMatch(/invalid_input/);
  const { others } = await attempts.pick({ id, name: "demo-2", commitMessage: "Greet", discard: true });
  expect(others.map(({ name, kept }) => [name, kept])).toEqual([
    ["demo-1", false],
    ["demo-3", false],
  ]);
  expect((await workspaces.list()).map(({ name }) => name).sort()).toEqual(["demo", "demo-2"]);
  expect((await attempts.show({ id })).attempts.map(({ name }) => name)).toEqual(["demo-2"]);
  expect((await attempts.pick({ id, name: "demo-2", discard: true })).others).toEqual([]);
});
