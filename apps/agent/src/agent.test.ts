import type { AgentClient } from "@ws/rpc-contract/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./testing/refusal.ts";
import { tempDir } from "./testing/temp-dir.ts";
import { startTestAgent, type TestAgent } from "./testing/test-agent.ts";

let agent: TestAgent;
let local: AgentClient;

beforeAll(async () => {
  agent = await startTestAgent();
  local = agent.local;
});
afterAll(() => agent[Symbol.asyncDispose]());

test("a first start says that it writes the configuration, and a second one nothing of it", async () => {
  using directory = tempDir();
  const first = await startTestAgent({ configDirectory: directory.path });
  await first[Symbol.asyncDispose]();
  await using second = await startTestAgent({ configDirectory: directory.path });
  const said = `Creating default config at ${directory.path}/config.json\nStarting agent on a free port...\n`;
  expect([first.said.startsWith(said), /config\.json|Starting/.test(second.said)]).toEqual([true, false]);
  expect(second.said).toMatch(/Agent running at .*\n[^]*Another device: .* pair\n/);
});

describe("workspaces over the wire", () => {
  test("are made, listed, used and deleted", async () => {
    const made = await local.workspaces.create({
      name: "demo",
      clone: "https://git.test/o/repo.git",
      ttlSeconds: 3_600,
    });
    expect(made).toMatchObject({
      name: "demo",
      status: "running",
      phase: "ready",
      repo: "https://git.test/o/repo.git",
      baseBranch: "main",
      directory: "/home/workspace/repo",
      runtime: "docker",
      ttlSeconds: 3_600,
      ports: { ssh: 0 },
    });
    expect(made.branch).toBe(`parallax/${made.id}/person/demo`);
    expect(made.startup.steps.every(({ status }) => status === "done")).toBe(true);
    expect((await local.workspaces.list()).map(({ name }) => name)).toEqual(["demo"]);
    expect(await local.workspaces.exec({ name: "demo", command: "hello" })).toEqual({
      stdout: "hello\n",
      stderr: "seen\n",
      exitCode: 0,
    });
    expect(await local.workspaces.logs({ name: "demo" })).toContain("Clone the repository");
    expect((await local.workspaces.stop({ name: "demo" })).status).toBe("stopped");
    expect(await refusal(local.workspaces.exec({ name: "demo", command: "x" }))).toBe(
      "PRECONDITION_FAILED workspace_not_running",
    );
    expect((await local.workspaces.start({ name: "demo" })).status).toBe("running");
    expect((await local.workspaces.rename({ name: "demo", newName: "other" })).id).toBe(made.id);
    expect(await local.workspaces.delete({ name: "other" })).toEqual({ success: true });
    expect(await refusal(local.workspaces.get({ name: "other" }))).toBe("NOT_FOUND workspace_not_found");
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["an illegal name", { name: "a;id" }, "BAD_REQUEST invalid_name"],
    ["a bad clone URL", { name: "bad", clone: "ext::sh -c id" }, "BAD_REQUEST invalid_clone_url"],
    ["an unknown field", { name: "bad", privileged: true }, "BAD_REQUEST invalid_input"],
    ["a mount", { name: "bad", mounts: ["/:/host"] }, "BAD_REQUEST invalid_input"],
    ["a bad variable name", { name: "bad", env: { "A B": "x" } }, "BAD_REQUEST invalid_input"],
    ["a runtime that is not there", { name: "bad", runtime: "podman" }, "BAD_REQUEST invalid_input"],
  ])("%s is refused", async (_title, input, expected) => {
    expect(await refusal(local.workspaces.create(input as { name: string }))).toBe(expected);
    expect((await local.workspaces.list()).map(({ name }) => name)).not.toContain("bad");
  });

  test("a taken name is a conflict, also for 50 at once; one key makes one workspace and 50 equal answers", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => local.workspaces.create({ name: "once", idempotencyKey: "key-1" })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await refusal(local.workspaces.create({ name: "once" }))).toBe("CONFLICT name_taken");
    expect(await refusal(local.workspaces.create({ name: "else", idempotencyKey: "key-1" }))).toBe(
      "CONFLICT idempotency_mismatch",
    );
    await local.workspaces.delete({ name: "once" });
  });

  test("with wait: false the answer comes at once and the steps arrive as events", async () => {
    const stop = new AbortController();
    const events = await local.workspaces.events(undefined, { signal: stop.signal });
    const first = await events.next();
    expect(first.value).toMatchObject({ type: "snapshot" });
    const begun = await local.workspaces.create({ name: "later", wait: false });
    expect(begun.status).toBe("creating");
    for await (const event of events) {
      if (event.type === "changed" && event.workspace.id === begun.id && event.workspace.status === "running") break;
    }
    stop.abort();
    await local.workspaces.delete({ name: "later" });
  });

  test("a name that nothing has yet is watched until something takes it", async () => {
    const stop = new AbortController();
    const events = await local.workspaces.events({ name: "awaited" }, { signal: stop.signal });
    expect((await events.next()).value).toEqual({ type: "snapshot", workspaces: [] });
    await local.workspaces.create({ name: "other" });
    const { id } = await local.workspaces.create({ name: "awaited" });
    expect((await events.next()).value).toMatchObject({ workspace: { id } });
    stop.abort();
    for (const name of ["other", "awaited"]) await local.workspaces.delete({ name });
  });

  test("an unknown name is refused before its log begins", async () => {
    expect(await refusal(local.workspaces.followLogs({ name: "nobody" }))).toMatch(/^NOT_FOUND/);
  });

  test("an engine that goes away is said to be, at once and in the list", async () => {
    agent.adapters.docker.setReachable(false);
    await expect.poll(async () => (await local.info()).engineAvailable).toBe(false);
    expect(await refusal(local.workspaces.create({ name: "noengine" }))).toBe("PRECONDITION_FAILED engine_unreachable");
    agent.adapters.docker.setReachable(true);
    await expect.poll(async () => (await local.info()).engineAvailable).toBe(true);
    await local.workspaces.delete({ name: "noengine" }).catch(() => undefined);
  });
});

describe("exec", () => {
  beforeAll(() => local.workspaces.create({ name: "run" }));

  test("passes the exit code, the environment and credentials set later", async () => {
    expect((await local.workspaces.exec({ name: "run", command: "exit 7" })).exitCode).toBe(7);
    const env = { GREETING: "hi" };
    expect((await local.workspaces.exec({ name: "run", command: "env GREETING", env })).stdout).toBe("hi");
    await local.config.settings.set({ key: "env.LATER", value: "now there" });
    expect((await local.workspaces.exec({ name: "run", command: "env LATER" })).stdout).toBe("now there");
  });

  test("ends a command at its timeout", async () => {
    expect(await refusal(local.workspaces.exec({ name: "run", command: "sleep", timeout: 50 }))).toBe(
      "TIMEOUT timeout",
    );
  });

  test("keeps 10 MiB of output and says that there was more", async () => {
    const result = await local.workspaces.exec({ name: "run", command: `flood ${11 * 1024 * 1024}` });
    expect(result.stdout).toHaveLength(10 * 1024 * 1024);
    expect(result.truncated).toBe(true);
  });

  test("a program that is not there is named", async () => {
    expect(await refusal(local.workspaces.exec({ name: "run", command: ["nope"] }))).toBe(
      "BAD_REQUEST command_not_found",
    );
  });
});
