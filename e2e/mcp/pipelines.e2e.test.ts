import { startGitServer } from "@ws/git-provider/testing";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { ADA } from "../support/forge.ts";
import { shareAgent } from "../support/share-agent.ts";
import { overHttp } from "../support/tool-client.ts";

describe.each(["docker", "local"] as const)("a pipeline, on the %s runtime", (runtime) => {
  let agent: AgentProcess;

  shareAgent(async (parts) => {
    const server = parts.use(await startGitServer());
    const repository = await server.create("acme/handbook", {
      files: {
        "README.md": "# Handbook\n",
        "docs/a.md": "One.\n",
        "docs/b.md": "Two.\n",
        "docs/logo.png": "\u0000PNG",
        "src/main.ts": "export {};\n",
        ".env": "NOT=told\n",
        ".gitignore": "dist\n",
      },
    });
    const env = { WS_RUNTIME: runtime, WS_GIT_CA: server.caFile, ...ADA };
    agent = parts.use(await startAgentProcess({ env }));
    await agent.ws(["start", "handbook", "--clone", repository.url]);
    await agent.ws(["start", "other"]);
    return agent;
  });

  const sh = async (command: string): Promise<string> =>
    (await agent.client.workspaces.exec({ name: "handbook", command })).stdout.trim();
  const packets = (stdout: string): { path: string }[] =>
    stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { path: string });
  const printed = async (args: string[]): Promise<string> => (await agent.ws(args)).stdout.trim();

  test("text files come as lines of JSON, with the commit; secrets, images and what git ignores do not", async () => {
    await sh("mkdir -p dist && echo built > dist/out.js && echo new > docs/new.md");
    const fetched = await agent.ws(["fetch", "handbook"]);
    const head = await sh("git rev-parse HEAD");
    expect(packets(fetched.stdout).map(({ path }) => path)).toEqual([
      ".gitignore",
      "README.md",
      "docs/a.md",
      "docs/b.md",
      "docs/new.md",
      "src/main.ts",
    ]);
    expect(packets(fetched.stdout)[1]).toEqual({
      repo: "handbook",
      path: "README.md",
      commit: head,
      size: 11,
      content: "# Handbook\n",
    });
    expect(fetched.stderr).toBe("6 files; left out: 1 no text, 1 hidden by a policy.\n");
    await sh("rm docs/new.md");
  });

  test("settings narrow it, and since a commit only what differs comes", async () => {
    const narrow = await agent.ws(["fetch", "handbook", "--path", "docs", "--include", "*.md", "--max-files", "1"]);
    expect(packets(narrow.stdout).map(({ path }) => path)).toEqual(["docs/a.md"]);
    expect(narrow.stderr).toContain("There are more");
    const head = await sh("git rev-parse HEAD");
    await sh("echo Three. > docs/b.md");
    const since = await agent.ws(["fetch", "handbook", "--since-commit", head, "--json"]);
    expect(JSON.parse(since.stdout)).toMatchObject({ packets: [{ path: "docs/b.md" }], summary: { packets: 1 } });
    await sh("git checkout -q docs/b.md");
    const never = await agent.ws(["fetch", "handbook", "--since-commit", "0123456789", "--json"]);
    expect(never).toMatchObject({ code: 3, stderr: expect.stringContaining("ref_not_found") as string });
  });

  test("a token that fetches reads there and nothing else, by tools, calls and the command line (OpenClaw GHSA-rqpp)", async () => {
    const token = await printed([
      "fetch",
      "handbook",
      "--path",
      "docs",
      "--exclude",
      "b.md",
      "--max-files",
      "5",
      "--token",
      "nightly",
    ]);
    const env = { WS_WORKER: agent.url, WS_TOKEN: token };
    const all = await agent.ws(["fetch", "handbook", "--max-files", "100"], { env });
    expect(packets(all.stdout).map(({ path }) => path)).toEqual(["docs/a.md"]);
    await using pipeline = await overHttp(agent, token);
    expect(await pipeline.tools()).toEqual(["fetch_ls", "fetch_read"]);
    expect(await pipeline.use("fetch_ls")).toMatchObject({ entries: [{ name: "docs", type: "directory" }] });
    expect(await pipeline.use("fetch_ls", { path: "docs" })).toMatchObject({
      entries: [{ name: "a.md" }, { name: "logo.png" }],
    });
    expect(await pipeline.use("fetch_read", { path: "docs/a.md" })).toMatchObject({ content: "One.\n" });
    for (const path of ["docs/b.md", "README.md", "src/main.ts", ".env"]) {
      expect([path, await pipeline.code("fetch_read", { path })]).toEqual([path, "path_not_allowed"]);
    }
    await sh("ln -s ../src/main.ts docs/link.md");
    expect(await pipeline.code("fetch_read", { path: "docs/link.md" })).toBe("path_not_allowed");
    await sh("rm docs/link.md");
    expect(await pipeline.code("fetch_read", { path: "docs/a.md", repo: "other" })).toBe("forbidden");
    for (const tool of ["workspace_read", "workspace_write", "publish_write", "git_push"]) {
      expect([tool, await pipeline.code(tool, { repo: "handbook", path: "docs/a.md" })]).toEqual([tool, "forbidden"]);
    }
    for (const words of [
      ["exec", "handbook", "--", "id"],
      ["list"],
      ["info"],
      ["token", "list"],
      ["finalize", "handbook", "--push"],
    ]) {
      expect([words, (await agent.ws(words, { env })).code]).toEqual([words, words[0] === "exec" ? 125 : 6]);
    }
    expect(await printed(["token", "list"])).toMatch(/nightly\s+fetch:handbook/);
  });

  test("a token that publishes writes there, commits with its message and pushes, where it was allowed", async () => {
    const branch = await sh("git branch --show-current");
    const message = ["--message", "docs: {message}"];
    const publish = ["publish", "handbook", "--writable", "docs", "--commit", "--push", "--branch", branch];
    await using pipeline = await overHttp(agent, await printed([...publish, ...message]));
    expect(await pipeline.tools()).toEqual([
      "publish_write",
      "publish_edit",
      "git_pull",
      "git_add",
      "git_commit",
      "git_push",
    ]);
    await pipeline.use("publish_write", { path: "docs/c.md", content: "Three.\n" });
    await pipeline.use("publish_edit", { path: "docs/a.md", old_string: "One.", new_string: "1." });
    for (const path of ["README.md", "docs/../README.md", ".env", ".git/config"]) {
      const code = await pipeline.code("publish_write", { path, content: "x" });
      expect([path, code]).toEqual([path, expect.stringMatching(/^path_(?:not_allowed|traversal)$/)]);
    }
    await sh("echo more >> README.md");
    expect(await pipeline.code("git_add", { paths: ["."] })).toBe("path_not_allowed");
    await pipeline.use("git_add", { paths: ["docs"] });
    const { hash } = await pipeline.use("git_commit", { message: "number the pages" });
    expect(await sh("git log -1 --format=%s")).toBe("docs: number the pages");
    expect(await pipeline.use("git_push")).toMatchObject({ branch, commit: hash });
    await sh("git checkout -q README.md && git switch -qc elsewhere && echo x > docs/d.md && git add docs");
    expect(await pipeline.code("git_commit", { message: "on another branch" })).toBe("branch_not_allowed");
    expect(await pipeline.code("git_push")).toBe("branch_not_allowed");
    await sh(`git reset -q --hard && git switch -q ${branch}`);
  });

  test("one that may neither commit nor push has no such tools, and its calls are refused as well", async () => {
    const token = await printed(["publish", "handbook", "--writable", "docs", "--ttl", "1h"]);
    await using pipeline = await overHttp(agent, token);
    expect(await pipeline.tools()).toEqual(["publish_write", "publish_edit", "git_pull"]);
    for (const tool of ["git_add", "git_commit", "git_push", "fetch_read"]) {
      expect([tool, await pipeline.code(tool, { paths: ["docs"], message: "x" })]).toEqual([tool, "forbidden"]);
    }
    const refused = await agent.ws(["git", "handbook", "commit", "--message", "x"], {
      env: { WS_WORKER: agent.url, WS_TOKEN: token },
    });
    expect(refused.code).toBe(6);
  });

  test("a session ends with its token, and a branch mode without a branch makes none", async () => {
    const { token, id } = JSON.parse(await printed(["publish", "handbook", "--writable", "docs", "--json"])) as Record<
      string,
      string
    >;
    await using pipeline = await overHttp(agent, token ?? "");
    expect(await pipeline.tools()).toContain("publish_write");
    await agent.ws(["token", "revoke", id ?? "", "--yes"]);
    await expect(pipeline.tools()).rejects.toThrow(/401|[Uu]nauthorized/);
    const settings = { repo: "handbook", writable_paths: ["docs"], branch_mode: "fixed" as const };
    await expect(
      agent.client.tokens.create({ name: "fixed", handler: { kind: "publish", settings } }),
    ).rejects.toMatchObject({
      code: "BAD_REQUEST",
      data: { code: "invalid_input", details: { field: "fixed_branch" } },
    });
  });
});
