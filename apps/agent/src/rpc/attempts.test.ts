import type { AgentClient } from "@ws/rpc-contract/client";
import { createFakeGit } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { refusal } from "../testing/refusal.ts";
import { command, ended } from "../testing/tasks.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { hex, REPO, start, written } from "../testing/with-github.ts";

async function startWithDemo() {
  const world = await start();
  await world.workspaces.create({ name: "demo", clone: REPO, base: "main" });
  return world;
}

/** Ends what the workspace is at. */
async function endTask(client: AgentClient, name: string): Promise<void> {
  for (const { id } of await client.tasks.list({ name })) await client.tasks.cancel({ task: id });
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
  // It would be committed half-done.
  expect(await refusal(attempts.pick({ id, name: "demo-2" }))).toMatch(/illegal_transition/);
  await endTask(agent.local, "demo-2");
  const { others } = await attempts.pick({ id, name: "demo-2", commitMessage: "Greet", discard: true });
  expect(others.map(({ name, kept }) => [name, kept])).toEqual([
    ["demo-1", false],
    ["demo-3", false],
  ]);
  expect((await workspaces.list()).map(({ name }) => name).sort()).toEqual(["demo", "demo-2"]);
  const left = (await attempts.show({ id })).attempts.map(({ name, status, task }) => [name, status, task?.status]);
  expect(left).toEqual([
    ["demo-1", "removed", "cancelled"],
    ["demo-2", "running", "cancelled"],
    ["demo-3", "removed", "cancelled"],
  ]);
  expect((await attempts.pick({ id, name: "demo-2", discard: true })).others).toEqual([]);
});

test("what is still at work stays unless it is given up, and so does what has a pull request by now", async () => {
  const { agent } = await startWithDemo();
  const { attempts, tasks } = agent.local;
  const { id } = await attempts.start({ name: "demo", spec: command("sleep"), count: 3 });
  await endTask(agent.local, "demo-1");
  await endTask(agent.local, "demo-2");
  const [ofSecond] = await tasks.list({ name: "demo-2" });
  const retried = await tasks.retry({ task: ofSecond?.id ?? "" });
  expect((await attempts.show({ id })).attempts[1]?.task?.id).toBe(retried.id);
  await endTask(agent.local, "demo-2");
  const first = await attempts.pick({ id, name: "demo-1" });
  expect(first.others).toMatchObject([
    { name: "demo-2", kept: false },
    { name: "demo-3", kept: true, holder: "a task that is not over yet" },
  ]);
  expect((await tasks.list({ name: "demo-3" })).map(({ status }) => status)).toEqual(["running"]);
  const again = await attempts.pick({ id, name: "demo-1", discard: true });
  expect(again.others).toMatchObject([{ name: "demo-3", kept: false }]);
});

test("of two picks at once one comes first, and the other is told that nothing is left of what it wanted", async () => {
  const { agent } = await startWithDemo();
  const { attempts, workspaces } = agent.local;
  const { id } = await attempts.start({ name: "demo", spec: command("hello"), count: 2 });
  for (const { task } of (await attempts.show({ id })).attempts) await ended(agent.local, task?.id ?? "");
  const both = await Promise.allSettled(["demo-1", "demo-2"].map((name) => attempts.pick({ id, name, discard: true })));
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(both[1]).toMatchObject({ reason: { message: "'demo-2' is none of these attempts." } });
  expect((await workspaces.list()).map(({ name }) => name).sort()).toEqual(["demo", "demo-1"]);
});

test("sent twice at once under one key, attempts are started once; a name that somebody has is not taken", async () => {
  const { agent } = await startWithDemo();
  const { attempts, workspaces } = agent.local;
  await workspaces.create({ name: "demo-2" });
  const asked = { name: "demo", spec: command("hello"), count: 2, idempotencyKey: "k" };
  const [one, two] = await Promise.all([attempts.start(asked), attempts.start(asked)]);
  expect(one.attempts.map(({ name }) => name)).toEqual(["demo-1", "demo-2-1"]);
  expect(two.attempts.map(({ workspaceId }) => workspaceId)).toEqual(one.attempts.map((made) => made.workspaceId));
  expect(await agent.local.tasks.list()).toHaveLength(2);
});

test("attempts have the variables, the rules, the devcontainer.json and the runtime of the workspace that they are of", async () => {
  const git = createFakeGit();
  git.prepareAfter(async () => undefined);
  git.holds({ ".devcontainer.json": JSON.stringify({ image: "img", containerEnv: { PLANNED: "yes" } }) });
  const agent = await startTestAgent({ adapters: () => createFakeAdapters({ git }) });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  const { attempts, egress, policy, workspaces } = agent.local;
  const value = hex();
  const env = { SERVICE_KEY: value };
  await workspaces.create({ name: "demo", clone: REPO, base: "main", env, devcontainer: "lenient", profile: "agent" });
  await egress.allow({ name: "demo", rule: "good.example.com" });
  const host = (await egress.get({ name: "demo" })).allowed.find(({ of }) => of !== "workspace")?.host ?? "";
  await egress.deny({ name: "demo", host });
  await policy.update({ name: "demo", set: { commit: false } });
  const made = await attempts.start({ name: "demo", spec: command("hello"), count: 2 });
  for (const { name, task } of made.attempts) {
    await ended(agent.local, task?.id ?? "");
    const info = await workspaces.get({ name });
    expect(info).toMatchObject({ runtime: "docker", profile: "agent", variables: ["SERVICE_KEY"] });
    expect(info).toMatchObject({ devcontainer: ".devcontainer.json", image: "img" });
    expect(await policy.get({ name })).toMatchObject({ rules: { commit: false } });
    const { allowed, denied } = await egress.get({ name: "demo" });
    expect(await egress.get({ name })).toMatchObject({ allowed, denied });
    expect(denied.map(({ host }) => host)).toContain(host);
    expect((await workspaces.exec({ name, command: "env SERVICE_KEY" })).stdout).toBe(value);
  }
  expect(JSON.stringify(await attempts.list())).not.toContain(value);
  expect(written(agent)).not.toContain(value);

  await workspaces.create({ name: "mine", clone: REPO, runtime: "local" });
  const { attempts: locals } = await attempts.start({ name: "mine", spec: command("hello"), count: 2 });
  const [local] = locals;
  expect(await workspaces.get({ name: local?.name ?? "" })).toMatchObject({ runtime: "local", profile: "person" });
});
