import type { Handler } from "@ws/rpc-contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

const publish: Handler = {
  kind: "publish",
  settings: { repo: "demo", writable_paths: ["docs"], commit_enabled: true, commit_message: "Docs: {message}" },
};

let agent: TestAgent;
beforeAll(async () => {
  agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "demo" });
  await agent.local.workspaces.create({ name: "other" });
});
afterAll(() => agent[Symbol.asyncDispose]());

test("a token of a pipeline is shown with what it is for, under the name its workspace has by now", async () => {
  const { token, id } = await agent.local.tokens.create({ name: "nightly", handler: publish });
  const shown = { scope: "workspace:demo", handler: publish };
  expect((await agent.local.tokens.list()).find((one) => one.id === id)).toMatchObject(shown);
  expect(await agent.remote(token).auth.whoami()).toEqual({
    who: `nightly (${id})`,
    scope: "workspace",
    workspace: "demo",
    handler: publish,
  });
  await agent.local.workspaces.rename({ name: "demo", newName: "renamed" });
  const { handler } = await agent.remote(token).auth.whoami();
  expect(handler?.settings.repo).toBe("renamed");
  await agent.local.workspaces.rename({ name: "renamed", newName: "demo" });
});

test("it does nothing else, on its own workspace and elsewhere (token reuse: OpenClaw GHSA-rqpp)", async () => {
  const { token } = await agent.local.tokens.create({ name: "narrow", handler: publish });
  const { workspaces, info, tokens, policy } = agent.remote(token);
  const attempts = [
    workspaces.get({ name: "demo" }),
    workspaces.exec({ name: "demo", command: "id" }),
    workspaces.finalize({ name: "demo", push: true }),
    policy.update({ name: "demo", unset: ["readOnly"] }),
    tokens.create({ name: "more" }),
    info(),
    workspaces.get({ name: "other" }),
  ];
  for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ data: { code: "forbidden" } });
});

test.each<[string, object, string]>([
  ["a fixed branch without its name", { branch_mode: "fixed" }, "fixed_branch"],
  ["a path that leads out", { writable_paths: ["../other"] }, "writablePaths"],
  ["nothing to write to", { writable_paths: [] }, "handler.settings.writable_paths"],
  ["a setting that nobody knows", { force: true }, "handler.settings"],
])("no token is made of %s", async (_title, more, field) => {
  const handler = { ...publish, settings: { ...publish.settings, ...more } } as Handler;
  await expect(agent.local.tokens.create({ name: "bad", handler })).rejects.toMatchObject({
    code: "BAD_REQUEST",
    data: { code: "invalid_input", details: { field } },
  });
  expect((await agent.local.tokens.list()).filter(({ name }) => name === "bad")).toEqual([]);
});

test("a scope beside a handler would say two things", async () => {
  const both = agent.local.tokens.create({ name: "both", scope: "admin", handler: publish });
  await expect(both).rejects.toMatchObject({ data: { code: "invalid_input" } });
});

test("a handler of a workspace that is not there makes no token", async () => {
  const handler = { kind: "fetch", settings: { repo: "nowhere" } } as const;
  await expect(agent.local.tokens.create({ name: "lost", handler })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
