import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";

/** Due once what comes between is done. */
const soon = () => new Date(Date.now() + 1_500).toISOString();

test("a list of commands that was narrowed holds for what is queued, and the audit says what was not run", async () => {
  await using agent = await startTestAgent();
  const { local } = agent;
  await local.workspaces.create({ name: "demo" });
  const spec = { kind: "command" as const, command: ["make"] };
  const { id } = await local.tasks.create({ name: "demo", spec, notBefore: soon() });
  await local.policy.update({ name: "demo", set: { commands: ["git"] } });
  const code = "command_not_allowed";
  await expect
    .poll(() => local.tasks.get({ task: id }), { timeout: 10_000 })
    .toMatchObject({ status: "failed", attempt: 0, error: { code } });
  const ended = (await local.audit.list()).filter(({ action }) => action === "tasks.end");
  expect(ended).toMatchObject([{ target: "demo", outcome: code, details: { task: id, command: "make" } }]);
});

test("what a revoked token asked for does not begin; what one asked for that ended itself does", async () => {
  await using agent = await startTestAgent();
  const { local } = agent;
  await local.workspaces.create({ name: "demo" });
  const spec = { kind: "command" as const, command: "hello" };
  const made = await Promise.all(
    ["lost", "leaves", "stays"].map(async (name) => {
      const { token, id: tokenId } = await local.tokens.create({ name, scope: name === "leaves" ? "admin" : "write" });
      const client = agent.remote(token);
      const { id } = await client.tasks.create({ name: "demo", spec, notBefore: soon() });
      return { client, tokenId, id };
    }),
  );
  const [lost, leaves, stays] = made;
  await local.tokens.revoke({ token: lost?.tokenId ?? "" });
  await leaves?.client.tokens.revoke({ token: leaves.tokenId });
  const stateOf = async (id = "") => (await local.tasks.get({ task: id })).status;
  await expect.poll(() => stateOf(lost?.id), { timeout: 10_000 }).toBe("failed");
  expect(await local.tasks.get({ task: lost?.id ?? "" })).toMatchObject({
    attempt: 0,
    error: { code: "unauthorized", next: expect.stringContaining(`ws task retry ${lost?.id}`) as string },
  });
  for (const one of [leaves, stays]) await expect.poll(() => stateOf(one?.id), { timeout: 10_000 }).toBe("completed");
  const again = await local.tasks.retry({ task: lost?.id ?? "" });
  await expect.poll(() => stateOf(again.id), { timeout: 10_000 }).toBe("completed");
});
