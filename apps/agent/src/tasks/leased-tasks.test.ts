import { randomBytes } from "node:crypto";
import type { AgentClient } from "@ws/rpc-contract/client";
import { describe, expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { startWithProviders } from "../testing/with-providers.ts";

const reference = "#gh:org/app";
const spec = { kind: "command" as const, command: "hello" };

async function ended(client: AgentClient, task: string, status: string) {
  await expect.poll(async () => (await client.tasks.get({ task })).status, { timeout: 10_000 }).toBe(status);
  return client.tasks.get({ task });
}

describe("a task in a workspace of its own, through the agent", () => {
  test("waits without one, is told so in events and lists, and has it once its turn comes", async () => {
    await using agent = await startWithProviders();
    const { local } = agent;
    await local.workspaces.create({ name: "demo" });
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    const before = await local.tasks.create({ name: "demo", spec, notBefore });
    const made = await local.tasks.createLeased({ reference, spec, dependsOn: [before.id], idempotencyKey: "k" });
    expect(made).toMatchObject({ status: "pending", workspace: "", workspaceId: "", reference, attempt: 0 });
    expect(made).not.toHaveProperty("lease");
    const stream = await local.tasks.events();
    const first = await stream.next();
    expect(first.value).toMatchObject({ type: "snapshot", tasks: [{ id: made.id, reference }, { id: before.id }] });
    await stream.return?.();
    expect((await local.tasks.list()).map(({ id }) => id)).toEqual([made.id, before.id]);
    expect((await local.tasks.list({ name: "demo" })).map(({ id }) => id)).toEqual([before.id]);
    expect(await local.leases.list()).toEqual([]);
    expect(await Array.fromAsync(await local.tasks.output({ task: made.id }))).toEqual([]);
    await local.tasks.cancel({ task: before.id });
    expect(await ended(local, made.id, "cancelled")).toMatchObject({ error: { code: "dependency_failed" } });

    const now = await local.tasks.createLeased({ reference, spec });
    const done = await ended(local, now.id, "completed");
    expect(done).toMatchObject({ workspace: "app-1", reference });
    expect(await local.leases.list()).toMatchObject([{ id: done.lease, holder: now.id, workspace: "app-1" }]);
    const said = await Array.fromAsync(await local.tasks.output({ task: now.id }));
    expect(said.map(({ text }) => text)).toEqual(["hello\n"]);
    expect((await local.tasks.list({ name: "app-1" })).map(({ id }) => id)).toEqual([now.id]);
  });

  test("is refused to who may not lease one, for what has none, and by the rules of its repository", async () => {
    await using agent = await startWithProviders();
    const { local } = agent;
    await local.workspaces.create({ name: "demo" });
    for (const scope of ["read", "workspace:demo"]) {
      const client = await agent.scoped(scope);
      expect(await refusal(client.tasks.createLeased({ reference, spec }))).toBe("FORBIDDEN forbidden");
    }
    expect(await refusal(local.tasks.createLeased({ reference: "#cd:/tmp", spec }))).toBe(
      "BAD_REQUEST reference_invalid",
    );
    const action = { kind: "action", action: "review" };
    expect(await refusal(local.tasks.createLeased({ reference, spec: action as never }))).toBe(
      "BAD_REQUEST invalid_input",
    );
    const repository = "https://github.com/org/app";
    const command = { kind: "command" as const, command: ["make"] };
    const queued = await local.tasks.createLeased({
      reference,
      spec: command,
      notBefore: new Date(Date.now() + 1_500).toISOString(),
    });
    await local.policy.repositories.update({ repository, set: { commands: ["git"] } });
    expect(await refusal(local.tasks.createLeased({ reference, spec: command }))).toBe("FORBIDDEN command_not_allowed");
    expect(await ended(local, queued.id, "failed")).toMatchObject({
      error: { code: "command_not_allowed" },
      workspace: "",
    });
    expect([await local.leases.list(), await local.workspaces.list()]).toMatchObject([[], [{ name: "demo" }]]);
    expect(await local.audit.list({ action: "tasks.end" })).toMatchObject([
      { target: reference, outcome: "command_not_allowed", details: { task: queued.id } },
    ]);
  });

  test("runs in what it took itself, and in nothing that somebody else leased in its name", async () => {
    await using agent = await startWithProviders();
    const { local } = agent;
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await local.tasks.createLeased({ reference, spec, notBefore });
    expect(await refusal(local.leases.acquire({ reference: "#gh:org/other", holder: id }))).toBe(
      "BAD_REQUEST invalid_input",
    );
    expect(await local.leases.list()).toEqual([]);
  });

  test("keeps what it was given from what is said of it, also where its workspace came later", async () => {
    await using agent = await startWithProviders();
    const { local } = agent;
    const secret = randomBytes(12).toString("hex");
    const given = { kind: "command" as const, command: [secret], env: { KEY: secret } };
    const { id } = await local.tasks.createLeased({ reference, spec: given });
    const failed = await ended(local, id, "failed");
    expect(failed.workspace).toBe("app-1");
    expect(JSON.stringify([failed, await local.tasks.list()])).not.toContain(secret);
  });
});
