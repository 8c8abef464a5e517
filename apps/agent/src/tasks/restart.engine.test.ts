import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentStandIn } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createKillableWorker } from "../testing/killable-worker.ts";

test("what runs in a workspace that is restarted says so, and a coding tool's conversation is gone on with after it", async () => {
  const worker = createKillableWorker();
  const bin = join(worker.path, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "claude"), agentStandIn("claude"), { mode: 0o755 });
  const client = await worker.start();
  const tool = { argv: [join(bin, "claude")], resume: ["--resume", "{session}"], output: "claude" };
  await client.config.settings.set({ key: "agents.custom", value: { mine: tool } });
  await client.workspaces.create({ name: "a" });
  const create = (spec: Parameters<typeof client.tasks.create>[0]["spec"]) => client.tasks.create({ name: "a", spec });
  const command = await create({ kind: "command", command: "sleep 100" });
  const agent = await create({ kind: "agent", tool: "mine", prompt: "slow 100000" });
  const get = (task: string) => client.tasks.get({ task });
  await expect.poll(async () => (await get(command.id)).status, { timeout: 20_000 }).toBe("running");
  await expect.poll(async () => (await get(agent.id)).session, { timeout: 20_000 }).toBeDefined();
  await client.workspaces.restart({ name: "a" });
  for (const id of [command.id, agent.id]) {
    await expect.poll(async () => (await get(id)).status, { timeout: 20_000 }).toBe("failed");
    expect((await get(id)).error).toMatchObject({
      code: "workspace_stopped",
      message: "Its workspace was restarted while it ran.",
    });
  }
  expect((await get(agent.id)).error?.next).toContain(`ws task resume ${agent.id}`);
  const further = await client.tasks.resume({ task: agent.id, prompt: "ok then" });
  expect(further).toMatchObject({ followUpOf: agent.id });
});
