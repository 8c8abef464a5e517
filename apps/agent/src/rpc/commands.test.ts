import type { FakeProgram } from "@ws/workspace-core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentClient } from "@ws/rpc-contract/client";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let limited: AgentClient;

beforeAll(async () => {
  const echo: FakeProgram = ({ argv }) => ({ stdout: `${argv.slice(1).join(" ")}\n` });
  agent = await startTestAgent({ adapters: () => createFakeAdapters({ programs: { echo } }) });
  await agent.local.workspaces.create({ name: "demo" });
  const made = await agent.local.tokens.create({
    name: "bot",
    scope: "workspace:demo",
    commands: ["echo", "env", "python"],
  });
  limited = agent.remote(made.token);
});
afterAll(() => agent[Symbol.asyncDispose]());

const REFUSED = "FORBIDDEN command_not_allowed";

describe("a token for some commands (seed allow-lists by prefix, passed with `echo hi; touch PWN`)", () => {
  test("runs them in words, and nothing in a text, by a path or with a variable that steers", async () => {
    expect(await limited.workspaces.exec({ name: "demo", command: ["echo", "hi; touch PWN"] })).toMatchObject({
      stdout: "hi; touch PWN\n",
    });
    for (const command of ["echo hi; touch PWN", "echo hi", ["sh", "-c", "echo hi"], ["/bin/echo", "hi"], ["./echo"]]) {
      expect([command, await refusal(limited.workspaces.exec({ name: "demo", command }))]).toEqual([command, REFUSED]);
    }
    for (const env of [{ PATH: "/tmp" }, { LD_PRELOAD: "/tmp/x.so" }, { GIT_SSH_COMMAND: "sh" }]) {
      expect(await refusal(limited.workspaces.exec({ name: "demo", command: ["echo"], env }))).toBe(REFUSED);
    }
    expect(await limited.workspaces.exec({ name: "demo", command: ["echo"], env: { CI: "1" } })).toBeDefined();
  });

  test("queues no other, neither in words, as code nor by trying another's task again", async () => {
    const theirs = await agent.local.tasks.create({ name: "demo", spec: { kind: "command", command: "exit 1" } });
    await expect.poll(async () => (await agent.local.tasks.get({ task: theirs.id })).status).toBe("failed");
    expect(await refusal(limited.tasks.retry({ name: "demo", task: theirs.id }))).toBe(REFUSED);
    for (const spec of [
      { kind: "command", command: ["touch", "PWN"] },
      { kind: "command", command: "echo hi; touch PWN" },
      { kind: "command", command: ["echo"], env: { BASH_ENV: "/tmp/x" } },
      { kind: "code", language: "sh", code: "touch PWN" },
      { kind: "code", language: "javascript", code: "1" },
    ] as const) {
      expect([spec, await refusal(limited.tasks.create({ name: "demo", spec: { ...spec } as never }))]).toEqual([
        spec,
        REFUSED,
      ]);
    }
    expect(await agent.local.tasks.list({ name: "demo" })).toHaveLength(1);
    const own = { kind: "command", command: ["echo", "hi"] } as { kind: "command"; command: string[] };
    expect(await limited.tasks.create({ name: "demo", spec: own })).toMatchObject({ prompt: "echo hi" });
  });

  test("gives the workspace no variable that would steer them, however it comes there", async () => {
    await agent.local.workspaces.create({ name: "steered" });
    const { token } = await agent.local.tokens.create({
      name: "steers",
      scope: "workspace:steered",
      commands: ["echo"],
    });
    const client = agent.remote(token);
    expect(await client.workspaces.exec({ name: "steered", command: ["echo"] })).toBeDefined();
    for (const env of [{ PATH: "/tmp/evil" }, { BASH_ENV: "evil.sh" }, { GIT_SSH_COMMAND: "sh evil.sh" }]) {
      expect(await refusal(client.workspaces.start({ name: "steered", env }))).toBe(REFUSED);
    }
    await client.workspaces.start({ name: "steered", env: { CI: "1" } });
    expect(await client.workspaces.exec({ name: "steered", command: ["echo"] })).toBeDefined();
    // Another may give it: then what is limited runs nothing there.
    await agent.local.workspaces.start({ name: "steered", env: { PATH: "/tmp/evil" } });
    expect(await refusal(client.workspaces.exec({ name: "steered", command: ["echo"] }))).toBe(REFUSED);
  });

  test("nor to one that it makes, nor anybody to one of a repository with such a rule", async () => {
    const { token } = await agent.local.tokens.create({ name: "makes", scope: "write", commands: ["echo"] });
    const client = agent.remote(token);
    const env = { LD_PRELOAD: "/tmp/evil.so" };
    expect(await refusal(client.workspaces.create({ name: "made", env }))).toBe(REFUSED);
    expect(await refusal(client.workspaces.start({ name: "made", env }))).toBe(REFUSED);
    const clone = "https://git.test/acme/ruled";
    await agent.local.policy.repositories.update({ repository: clone, set: { commands: ["git"] } });
    const writer = await agent.scoped("write");
    for (const spelled of [clone, `${clone}.git`, "git@git.test:acme/ruled"]) {
      expect(await refusal(writer.workspaces.create({ name: "made", clone: spelled, env }))).toBe(REFUSED);
    }
    expect((await agent.local.workspaces.list()).map(({ name }) => name)).not.toContain("made");
  });

  test("sees its rule, is listed with it, and loses it to nobody who is no administrator", async () => {
    const { layers } = await limited.policy.get({ name: "demo" });
    expect(layers).toEqual([{ of: "token", name: "bot", rules: { commands: ["echo", "env", "python"] } }]);
    const listed = (await agent.local.tokens.list()).find(({ name }) => name === "bot");
    expect(listed?.commands).toEqual(["echo", "env", "python"]);
    const made = (await agent.local.audit.list({ limit: 1_000 })).find(({ target }) => target === "bot");
    expect(made).toMatchObject({ action: "tokens.create", details: { commands: ["echo", "env", "python"] } });
    expect(await refusal(limited.tokens.create({ name: "more" }))).toBe("FORBIDDEN forbidden");
  });
});

test("a workspace's own rule holds for everybody, the worker's user too", async () => {
  const { local } = agent;
  await local.workspaces.create({ name: "ruled" });
  await local.policy.update({ name: "ruled", set: { commands: ["basic"] } });
  expect((await local.policy.get({ name: "ruled" })).rules.commands).toHaveLength(12);
  expect(await refusal(local.workspaces.exec({ name: "ruled", command: ["touch", "x"] }))).toBe(REFUSED);
  expect(await local.workspaces.exec({ name: "ruled", command: ["echo", "hi"] })).toMatchObject({ exitCode: 0 });
  await local.policy.update({ name: "ruled", unset: ["commands"] });
  expect(await local.workspaces.exec({ name: "ruled", command: "exit 3" })).toMatchObject({ exitCode: 3 });
});

test.each([
  [{ scope: "admin", commands: ["git"] }],
  [{ commands: ["git status"] }],
  [{ commands: ["./git"] }],
  [{ handler: { kind: "fetch", settings: { repo: "demo" } }, commands: ["git"] }],
] as const)("a token is not made of %j", async (asked) => {
  expect(await refusal(agent.local.tokens.create({ name: "x", ...asked } as never))).toBe("BAD_REQUEST invalid_input");
});
