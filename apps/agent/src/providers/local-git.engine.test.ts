import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { createAdapters } from "../runtimes/adapters.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

/** The agent with everything real, on the local runtime. */
async function start(): Promise<TestAgent> {
  const agent = await startTestAgent({
    env: {
      PATH: process.env["PATH"] ?? "",
      WS_RUNTIME: "local",
      WS_LOCAL_SANDBOX: "none",
      WS_GIT_NAME: "Ada",
      WS_GIT_EMAIL: "ada@example.test",
    },
    adapters: createAdapters,
  });
  onTestFinished(async () => {
    for (const { name } of await agent.local.workspaces.list())
      await agent.local.workspaces.delete({ name, force: true });
    await agent[Symbol.asyncDispose]();
  });
  return agent;
}

async function run({ local }: TestAgent, name: string, command: string): Promise<string> {
  const { stdout, stderr, exitCode } = await local.workspaces.exec({ name, command });
  if (exitCode !== 0) throw new Error(`${command}: ${stderr}`);
  return stdout.trim();
}

test("a repository that the worker makes is worked on in a workspace, and a change of it merged", async () => {
  const agent = await start();
  const { local } = agent;
  const made = await local.workspaces.create({ name: "demo", clone: "#git:tool" });
  expect(made).toMatchObject({ repo: "https://git.ws.internal/tool.git", status: "running" });
  const { branch = "" } = made;
  expect(branch).toMatch(/^parallax\//);
  await run(
    agent,
    "demo",
    "echo text > file && git add file && git commit -qm 'Add a file' && git push -q origin HEAD",
  );
  await local.changes.put({ name: "add-file", project: "tool", branch, description: "Add a file" });
  expect(await local.changes.submit({ name: "add-file" })).toMatchObject({ state: "submitted" });
  expect(await run(agent, "demo", "git fetch -q && git show origin/main:file")).toBe("text");
  // Another workspace is lent what the worker gathered of it.
  const again = await local.workspaces.create({ name: "again", clone: "#git:tool" });
  expect(again.branch).not.toBe(branch);
  expect(await run(agent, "again", "cat file")).toBe("text");
  await expect(
    run(agent, "again", "echo x > y && git add y && git commit -qm x && git push -q origin HEAD:main"),
  ).rejects.toThrow("may only push to");
});

test("a commit that finalizing makes has what its project wants in every one", async () => {
  const agent = await start();
  const { local } = agent;
  const made = await local.projects.init({ name: "tool" });
  const file = made.file ?? "";
  const commit = { prefix: "[tool] ", tags: { Team: "core" } };
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), commit }));
  await local.workspaces.create({ name: "demo", clone: "#git:tool" });
  await run(agent, "demo", "echo text > file");
  await local.workspaces.finalize({ name: "demo", uncommitted: "commit", commitMessage: "Add a file", push: true });
  expect(await run(agent, "demo", "git log -1 --format=%B origin/HEAD..HEAD")).toBe("[tool] Add a file\n\nTeam: core");
});

test("a lease whose work was not pushed keeps its workspace, and the next has another number", async () => {
  const agent = await start();
  const { local } = agent;
  const reference = "#git:tool";
  const first = await local.leases.acquire({ reference });
  expect(first.environment["WS_GIT_WORKSPACE_DIR"]).toBe(await run(agent, first.workspace, "pwd"));
  expect(await run(agent, first.workspace, 'echo "$WS_GIT_WORKSPACE_NUM"')).toBe("1");
  await run(agent, first.workspace, "echo text > file && git add file && git commit -qm 'Add a file'");
  const released = await local.leases.release({ lease: first.id });
  expect(released).toMatchObject({ released: true, holds: expect.stringMatching(/commit/) as string });
  expect(existsSync(first.environment["WS_GIT_WORKSPACE_DIR"] ?? "")).toBe(true);

  const second = await local.leases.acquire({ reference });
  expect(second.number).toBe(2);
  expect(await local.leases.release({ lease: second.id })).toEqual({ released: true });
  expect((await local.workspaces.list()).map(({ name }) => name)).toEqual(["tool-1"]);
});
