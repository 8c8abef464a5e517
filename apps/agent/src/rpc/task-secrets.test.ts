import { randomBytes } from "node:crypto";
import { safe } from "@orpc/client";
import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";

test("an error of a call that names a task alone tells nothing that its workspace, or the task, was given", async () => {
  await using agent = await startTestAgent();
  const { local } = agent;
  const [own, given] = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
  await local.workspaces.create({ name: "demo", env: { KEY: own } });
  for (const program of [own, given]) {
    const spec = { kind: "command" as const, command: [program], env: { OTHER: given } };
    const { id } = await local.tasks.create({ name: "demo", spec });
    await expect.poll(async () => (await local.tasks.get({ task: id })).status).toBe("failed");
    await local.policy.update({ name: "demo", set: { commands: ["git"] } });
    const { error } = await safe(local.tasks.retry({ task: id }));
    const said = JSON.stringify([error?.message, (error as { data?: unknown } | null)?.data]);
    expect(said).toContain("command_not_allowed");
    expect(said).toContain("[redacted]");
    expect(said).not.toContain(program);
    await local.policy.update({ name: "demo", unset: ["commands"] });
  }
});
