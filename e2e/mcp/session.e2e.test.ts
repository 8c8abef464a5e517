import { startGitHubServer, type GitHubRepository } from "@ws/git-provider/testing";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { forgeEnvironment, setToken } from "../support/forge.ts";
import { shareAgent } from "../support/share-agent.ts";
import { overHttp, overStdio, type ToolClient } from "../support/tool-client.ts";

describe.each(["docker", "local"] as const)("an agent with nothing but tools, on the %s runtime", (runtime) => {
  let repository: GitHubRepository;
  let agent: AgentProcess;

  shareAgent(async (parts) => {
    const github = parts.use(await startGitHubServer());
    repository = await github.repository("acme/storefront", { private: true, collaborators: ["ada"] });
    agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: runtime, ...forgeEnvironment(github) } }));
    await setToken(agent, github, github.token("ada"));
    return agent;
  });

  const token = async (name: string, scope: string): Promise<string> =>
    (await agent.ws(["token", "create", name, "--scope", scope])).stdout.trim();

  test.each<[string, () => Promise<ToolClient>]>([
    ["stdio", () => overStdio(agent)],
    ["http", async () => overHttp(agent, await token("agent", "write"))],
  ])("clones, edits, commits and opens a pull request over %s", async (name, connect) => {
    await using agents = await connect();
    const steps: string[] = [];
    const clone = { url: repository.url, name };
    const cloned = await agents.use("workspace_clone", clone, { onProgress: (step) => steps.push(step) });
    expect(cloned).toMatchObject({ name, status: "running", remote: repository.url });
    expect(steps).toContain("Clone the repository");
    const readme = `${name}.md`;
    await agents.use("workspace_write", { repo: name, path: `docs/${readme}`, content: "# Cart\n\nNo cart yet.\n" });
    expect(await agents.use("workspace_ls", { repo: name, path: "docs" })).toMatchObject({
      entries: [{ name: readme, type: "file" }],
    });
    await agents.use("workspace_edit", { repo: name, path: `docs/${readme}`, old: "No cart yet.", new: "A cart." });
    expect(await agents.use("workspace_read", { repo: name, path: `docs/${readme}`, offset: 3 })).toMatchObject({
      content: "A cart.\n",
      lines_read: 1,
    });
    expect(await agents.use("workspace_grep", { repo: name, pattern: "^A c.rt" })).toMatchObject({
      matches: [{ path: `docs/${readme}`, line: 3 }],
    });
    await agents.use("workspace_git_add", { name, paths: ["docs"] });
    expect(await agents.use("workspace_git_diff", { name, staged: true })).toMatchObject({
      diff: expect.stringContaining("+A cart.") as string,
      additions: 3,
    });
    const { hash } = await agents.use("workspace_git_commit", { name, message: `Add a cart over ${name}` });
    expect(await agents.use("workspace_git_status", { name })).toMatchObject({ dirty: false, commit: hash });
    expect(await agents.code("workspace_remove", { name })).toBe("unpushed_work");
    const done = await agents.use("workspace_finalize", { name, title: `Cart over ${name}`, body: "By tools." });
    expect(done).toMatchObject({ pushed: { commit: hash }, pullRequest: { state: "open" } });
    expect(repository.pulls.find(({ title }) => title === `Cart over ${name}`)).toMatchObject({
      base: "main",
      body: "By tools.",
    });
    expect(await agents.use("workspace_show", { name })).toMatchObject({
      pullRequest: { state: "open" },
      git: { commits: [{ subject: `Add a cart over ${name}` }, expect.anything()] },
    });
    expect(await agents.use("workspace_remove", { name })).toEqual({ name, removed: true });
  });

  const EDITS: [tool: string, given: object][] = [
    ["workspace_write", { repo: "held", path: "a.md", content: "x" }],
    ["workspace_edit", { repo: "held", path: "README.md", old: "a", new: "b" }],
    ["workspace_apply_patch", { repo: "held", patch: "--- /dev/null\n+++ b/n.md\n@@ -0,0 +1 @@\n+x\n" }],
    ["workspace_delete", { repo: "held", path: "README.md" }],
    ["workspace_git_pull", { name: "held" }],
    ["workspace_git_add", { name: "held", paths: ["."] }],
    ["workspace_git_commit", { name: "held", message: "x" }],
    ["workspace_git_push", { name: "held" }],
  ];
  const OTHERS: [tool: string, given: object][] = [
    ["workspace_clone", { url: "https://git.example.com/a/b", name: "more" }],
    ["workspace_remove", { name: "held" }],
    ["workspace_finalize", { name: "held", push: true }],
  ];

  test("a token that only reads reads, and fails at each change with the code that says so", async () => {
    expect(await agent.ws(["start", "held", "--clone", repository.url])).toMatchObject({ code: 0 });
    await using reader = await overHttp(agent, await token("reader", "read"));
    expect(await reader.use("workspace_git_log", { name: "held" })).toMatchObject({ commits: [expect.anything()] });
    const codes = await Promise.all([...EDITS, ...OTHERS].map(([tool, given]) => reader.code(tool, given)));
    expect(codes).toEqual([...EDITS, ...OTHERS].map(() => "forbidden"));
    expect((await reader.tools()).filter((name) => [...EDITS, ...OTHERS].some(([tool]) => tool === name))).toEqual([]);
  });

  test("a policy that forbids changes forbids them to every token", async () => {
    await agent.client.policy.update({ name: "held", set: { readOnly: true } });
    await using writer = await overHttp(agent, await token("writer", "workspace:held"));
    for (const [tool, given] of EDITS) expect([tool, await writer.code(tool, given)]).toEqual([tool, "read_only"]);
    expect(await writer.code("workspace_read", { path: "README.md" })).toBe("ok");
    await agent.client.policy.update({ name: "held", unset: ["readOnly"] });
  });

  test("paths that lead out and names that are options are refused with their codes (mcp-server-git CVE-2025-68143/4/5)", async () => {
    await using writer = await overHttp(agent, await token("hostile", "workspace:held"));
    expect(await writer.code("workspace_read", { path: "../../etc/passwd" })).toBe("path_traversal");
    expect(await writer.code("workspace_write", { path: "/tmp/pwn", content: "x" })).toBe("path_traversal");
    expect(await writer.code("workspace_git_add", { paths: ["../../x"] })).toBe("path_traversal");
    expect(await writer.code("workspace_git_diff", { from: "--output=/tmp/pwn" })).toBe("invalid_ref");
    expect(await writer.code("workspace_git_log", { ref: "--all" })).toBe("invalid_ref");
    expect(await writer.code("workspace_read", { path: ".git/config" })).toBe("path_not_allowed");
    expect(await writer.code("workspace_write", { path: ".git/hooks/pre-commit", content: "x" })).toBe(
      "path_not_allowed",
    );
  });
});
