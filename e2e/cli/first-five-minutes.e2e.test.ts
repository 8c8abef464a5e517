import { startGitServer, type GitServer } from "@ws/git-provider/testing";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { shareAgent } from "../support/share-agent.ts";
import { whoRuns } from "../support/who-runs.ts";

describe.each(["docker", "local"] as const)("on the %s runtime", (runtime) => {
  let server: GitServer;
  let agent: AgentProcess;
  let url: string;

  shareAgent(async (parts) => {
    server = parts.use(await startGitServer());
    const repository = await server.create("acme/next.js", { files: { "README.md": "# hello\n" } });
    url = repository.url;
    agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: runtime, WS_GIT_CA: server.caFile } }));
    return agent;
  });

  test("a workspace is made from a repository, and its steps are told on the way", async () => {
    const { code, stdout, stderr } = await agent.ws(["start", "demo", "--clone", url]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("✓ Clone the repository") });
    expect(stdout).toMatch(/^demo {2}running {2}acme\/next\.js \(parallax\/ws-\w+\/person\/demo\)/);
    expect(stderr).toContain("Next: ws shell demo");
  });

  test("git works in it, on the real history", async () => {
    const directory = JSON.parse((await agent.ws(["info", "demo", "--json"])).stdout).directory as string;
    const log = await agent.ws(["exec", "demo", "--", "git", "-C", directory, "log", "-1", "--oneline"]);
    expect(log).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{7,} \S/) });
    expect(await agent.ws(["exec", "demo", "--", "cat", "README.md"])).toMatchObject({ stdout: "# hello\n" });
    const config = await agent.ws(["exec", "demo", "--", "git", "config", "--local", "remote.origin.url"]);
    expect(config.stdout.trim()).toBe(url);
  });

  test("a commit is pushed from inside to the forge that only the worker reaches", async () => {
    const commit = await agent.ws([
      "exec",
      "demo",
      "--env",
      "GIT_AUTHOR_NAME=a",
      "--env",
      "GIT_AUTHOR_EMAIL=a@example.test",
      "--env",
      "GIT_COMMITTER_NAME=a",
      "--env",
      "GIT_COMMITTER_EMAIL=a@example.test",
      "--",
      "sh",
      "-c",
      "echo more >> README.md && git commit -qam more && git push -q origin HEAD:refs/heads/from-inside",
    ]);
    expect(commit).toMatchObject({ code: 0 });
    const fetched = await agent.ws(["exec", "demo", "--", "git", "ls-remote", "origin", "from-inside"]);
    expect(fetched.stdout).toContain("refs/heads/from-inside");
  });

  test("input, output and exit code of a command are the command's", async () => {
    expect(await agent.ws(["exec", "demo", "--", "cat"], { stdin: "hi\n" })).toEqual({
      code: 0,
      stdout: "hi\n",
      stderr: "",
    });
    const failing = await agent.ws(["exec", "demo", "--", "sh", "-c", "echo out; echo err >&2; exit 7"]);
    expect(failing).toEqual({ code: 7, stdout: "out\n", stderr: "err\n" });
    const large = "0123456789abcdef".repeat(512 * 1024);
    const echoed = await agent.ws(["exec", "demo", "--", "cat"], { stdin: large });
    expect(echoed.stdout === large).toBe(true);
    expect(await agent.ws(["exec", "demo", "--", "no-such-program"])).toMatchObject({ code: 125 });
  });

  test("what a command printed can be had as JSON, apart and with its exit code", async () => {
    const script = "cat; echo err >&2; exit 7";
    const result = { stdout: "hi\n", stderr: "err\n", exitCode: 7 };
    for (const argv of [
      ["exec", "demo", "--json", "--", "sh", "-c", script],
      ["shell", "demo", "--json", "-c", script],
    ]) {
      const { code, stdout, stderr } = await agent.ws(argv, { stdin: "hi\n" });
      expect({ code, stderr, printed: JSON.parse(stdout) }).toEqual({ code: 7, stderr: "", printed: result });
    }
  });

  test("a shell command runs as the workspace's user", async () => {
    expect(await agent.ws(["shell", "demo", "-c", "whoami"])).toEqual({
      code: 0,
      stdout: `${whoRuns(runtime)}\n`,
      stderr: "",
    });
  });

  test("the list, the details and the log tell of it", async () => {
    expect((await agent.ws(["list"])).stdout).toMatch(/^NAME .*\ndemo +running +acme\/next\.js/);
    expect(JSON.parse((await agent.ws(["ls", "--json"])).stdout)).toMatchObject([{ name: "demo", runtime }]);
    expect((await agent.ws(["logs", "demo"])).stdout).toContain("Clone the repository: done");
    const { code, stdout } = await agent.ws(["doctor", "--json"]);
    const checks = JSON.parse(stdout) as { id: string; status: string; next?: string }[];
    // Of this machine's own runc it may have to say that a container gets out of it, and nothing else fails.
    const failed = checks.filter(({ status }) => status === "fail");
    expect(failed.filter(({ id, next }) => id !== "runc" || next?.startsWith("Install runc") !== true)).toEqual([]);
    expect(code).toBe(failed.length === 0 ? 0 : 1);
  });

  test("starting it again is success, and another repository for it is a conflict that names both", async () => {
    expect((await agent.ws(["start", "demo"])).code).toBe(0);
    expect((await agent.ws(["start", "demo", "--clone", url])).code).toBe(0);
    const other = await agent.ws(["start", "demo", "--clone", `${server.origin}/acme/other.git`]);
    expect(other).toMatchObject({ code: 4, stderr: expect.stringMatching(/repository_mismatch[\s\S]*ws delete demo/) });
    expect(other.stderr).toContain("acme/other");
  });

  test("files outlive stop and start, which end and begin its processes", async () => {
    await agent.ws(["exec", "demo", "--", "sh", "-c", "echo kept > kept.txt"]);
    expect((await agent.ws(["stop", "demo"])).stdout).toContain("demo  stopped");
    const refused = await agent.ws(["exec", "demo", "--", "true"]);
    expect(refused).toMatchObject({ code: 125, stderr: expect.stringContaining("ws start demo") });
    expect((await agent.ws(["start", "demo"])).code).toBe(0);
    expect((await agent.ws(["exec", "demo", "--", "cat", "kept.txt"])).stdout).toBe("kept\n");
    expect((await agent.ws(["restart", "demo"])).code).toBe(0);
    expect((await agent.ws(["exec", "demo", "--", "cat", "kept.txt"])).stdout).toBe("kept\n");
  });

  test("it can be renamed while it runs", async () => {
    expect((await agent.ws(["rename", "demo", "renamed"])).code).toBe(0);
    expect((await agent.ws(["exec", "renamed", "--", "cat", "kept.txt"])).stdout).toBe("kept\n");
    expect(await agent.ws(["info", "demo"])).toMatchObject({ code: 3, stderr: expect.stringContaining("ws list") });
  });

  test("deleting asks; where nobody can be asked it needs --yes, and then everything is gone", async () => {
    const refused = await agent.ws(["delete", "renamed"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/unpushed work[\s\S]*--yes/) });
    const kept = await agent.ws(["delete", "renamed", "--yes"]);
    expect(kept).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/1 file that is not committed[\s\S]*--force/),
    });
    expect((await agent.ws(["delete", "renamed", "--yes", "--force"])).code).toBe(0);
    expect(await agent.ws(["list"])).toMatchObject({ stdout: "", stderr: expect.stringContaining("No workspaces") });
    expect((await agent.ws(["delete", "renamed", "--yes"])).code).toBe(3);
  });
});
