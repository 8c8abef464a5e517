import { type GitServer, type ServedRepository, startGitServer } from "@ws/git-provider/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { borrowers } from "../support/borrowers.ts";

let server: GitServer;
let served: ServedRepository;

beforeAll(async () => {
  server = await startGitServer();
  served = await server.create("acme/app", { files: { "a.txt": "a\n", "b/c.txt": "c\n", "d/e.txt": "e\n" } });
});
afterAll(() => server[Symbol.asyncDispose]());

test.each(["docker", "local"])(
  "on the runtime %s a later clone fetches nothing that an earlier one had",
  async (runtime) => {
    await using agent = await start(runtime);
    await ws(agent, "start", "first", "--clone", served.url);
    const before = asked();
    await ws(agent, "start", "second", "--clone", served.url);
    // One question of what there is, and none for objects.
    expect(asked()).toBe(before + 1);
    const git = (...argv: string[]): Promise<string> => ws(agent, "exec", "second", "--", "git", ...argv);
    expect(await git("status", "--porcelain")).toBe("");
    expect(await git("config", "remote.origin.url")).toBe(`${served.url}\n`);
    expect(await git("symbolic-ref", "--short", "HEAD")).toMatch(/^parallax\/ws-\w+\/person\/second\n$/);
    await git("fsck", "--strict");
    await git("gc", "--quiet", "--prune=now");
    await git("fsck", "--strict");

    // What one borrows does not end with another, nor with its own stop.
    await ws(agent, "delete", "first", "--yes");
    await ws(agent, "restart", "second");
    await served.git("branch", `later-${runtime}`, "main");
    await git("fetch", "--quiet");
    expect(await git("rev-list", "--count", `origin/later-${runtime}`)).toBe("1\n");
    expect(await borrowers(agent)).toHaveLength(1);
    await ws(agent, "delete", "second", "--yes");
    expect(await borrowers(agent)).toEqual([]);
  },
);

test("a start says how much of a repository it takes", async () => {
  const commit = await served.git("commit-tree", "-p", "main", "-m", "More", "main^{tree}");
  await served.git("update-ref", "refs/heads/main", commit.trim());
  await using agent = await start("docker");
  await ws(agent, "start", "short", "--clone", served.url, "--depth", "1");
  expect(await ws(agent, "exec", "short", "--", "git", "rev-list", "--count", "HEAD")).toBe("1\n");
  await ws(agent, "start", "part", "--clone", served.url, "--filter", "blob:none", "--sparse", "b");
  expect((await ws(agent, "exec", "part", "--", "ls")).split("\n")).toEqual(["a.txt", "b", ""]);
  const again = await agent.ws(["start", "short", "--depth", "2"]);
  expect(again.stderr).toContain("a depth of 1");
});

function start(runtime: string): Promise<AgentProcess> {
  return startAgentProcess({ env: { WS_RUNTIME: runtime, WS_GIT_CA: server.caFile } });
}

async function ws(agent: AgentProcess, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await agent.ws(argv);
  if (code !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  return stdout;
}

function asked(): number {
  return server.requests.filter(({ url, method }) => method === "POST" && url.includes("/acme/app")).length;
}
