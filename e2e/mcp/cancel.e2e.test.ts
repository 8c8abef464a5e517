import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { startGitHubServer, type GitHubServer } from "@ws/git-provider/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { overHttp, overStdio, type ToolClient } from "../support/tool-client.ts";

describe.each(["docker", "local"] as const)("what is no longer waited for, on the %s runtime", (runtime) => {
  let github: GitHubServer;
  let agent: AgentProcess;
  let url: string;

  beforeAll(async () => {
    github = await startGitHubServer();
    ({ url } = await github.repository("acme/storefront", { private: true, collaborators: ["ada"] }));
    agent = await startAgentProcess({
      env: { WS_RUNTIME: runtime, WS_GIT_CA: github.git.caFile, WS_GITHUB_URL: github.url },
    });
    const set = ["credential", "set", "acme", "--host", new URL(github.url).host];
    await agent.ws(set, { stdin: `${github.token("ada")}\n` });
    await agent.client.workspaces.create({ name: "held" });
    // Whoever searches in this waits for somebody to write into it.
    await agent.ws(["exec", "held", "--", "mkfifo", "slow"]);
  });
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]();
    await github?.[Symbol.asyncDispose]();
  });

  const ways: [string, () => Promise<ToolClient>][] = [
    ["stdio", () => overStdio(agent)],
    ["http", async () => overHttp(agent, (await agent.client.tokens.create({ name: "agent", scope: "write" })).token)],
  ];

  test.each(ways)(
    "a search that its client cancels over %s is ended, and the session goes on",
    async (_way, connect) => {
      await using client = await connect();
      const pattern = newPattern();
      const cancel = new AbortController();
      const call = client.use("workspace_grep", { repo: "held", path: "slow", pattern }, { signal: cancel.signal });
      call.catch(() => undefined);
      await expect.poll(() => searching(pattern)).not.toBe(0);
      cancel.abort();
      await expect(call).rejects.toThrow(/abort/i);
      await expect.poll(() => searching(pattern)).toBe(0);
      expect(await client.use("workspace_show", { name: "held" })).toMatchObject({ status: "running" });
    },
  );

  test.each([...ways, ["stdio, by SIGKILL", () => overStdio(agent)] as (typeof ways)[number]])(
    "so is one whose client goes away in the middle (%s)",
    async (way, connect) => {
      const client = await connect();
      const pattern = newPattern();
      const call = client.use("workspace_grep", { repo: "held", path: "slow", pattern }).catch(String);
      await expect.poll(() => searching(pattern)).not.toBe(0);
      if (way.endsWith("SIGKILL")) process.kill(client.pid ?? 0, "SIGKILL");
      else await client[Symbol.asyncDispose]();
      await call;
      await expect.poll(() => searching(pattern)).toBe(0);
      await client[Symbol.asyncDispose]();
    },
  );

  test.each(ways)(
    "a clone that is cancelled over %s becomes whole, and nothing half-made stays",
    async (way, connect) => {
      await using client = await connect();
      const name = `cut-${way}`;
      const cancel = new AbortController();
      const onProgress = (): void => cancel.abort();
      await expect(
        client.use("workspace_clone", { url, name }, { onProgress, signal: cancel.signal }),
      ).rejects.toThrow();
      await expect
        .poll(() => agent.client.workspaces.get({ name }))
        .toMatchObject({ status: "running", phase: "ready", repo: url });
      expect(await client.use("workspace_git_status", { name })).toMatchObject({ dirty: false });
      expect(await client.use("workspace_remove", { name })).toEqual({ name, removed: true });
    },
  );
});

function newPattern(): string {
  return `needle-${randomBytes(8).toString("hex")}`;
}

/** How many processes of this machine search for it, those in containers included. */
function searching(pattern: string): number {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && wordsOf(pid).includes(`--regexp=${pattern}`)).length;
}

function wordsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended since.
    return "";
  }
}
