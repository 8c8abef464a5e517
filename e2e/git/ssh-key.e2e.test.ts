import {
  startGitHubServer,
  startSshGitServer,
  type GitHubRepository,
  type GitHubServer,
  type SshGitServer,
} from "@ws/git-provider/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { docker, startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { filesWith, formsOf, sampleProcesses, searchInside } from "../support/token-search.ts";

describe.each(["docker", "local"] as const)("a repository that is reached by ssh, on the %s runtime", (runtime) => {
  let github: GitHubServer;
  let repository: GitHubRepository;
  let ssh: SshGitServer;
  let agent: AgentProcess;
  let url: string;
  /** A line of the key, which stands in every form of it. */
  let line: string;

  beforeAll(async () => {
    github = await startGitHubServer();
    repository = await github.repository("acme/app", { private: true, collaborators: ["ada"] });
    ssh = await startSshGitServer({ root: repository.path?.replace(/\/acme\/app\.git$/, "") ?? "" });
    url = ssh.url("/acme/app.git");
    line = ssh.privateKey.split("\n")[4] ?? "";
    agent = await startAgentProcess({
      env: {
        WS_RUNTIME: runtime,
        WS_GIT_CA: github.git.caFile,
        WS_GITHUB_URL: github.url,
        WS_GIT_NAME: "Ada",
        WS_GIT_EMAIL: "ada@example.test",
        WS_GIT_KNOWN_HOSTS: "/nonexistent",
      },
    });
  });
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]();
    await ssh?.[Symbol.asyncDispose]();
    await github?.[Symbol.asyncDispose]();
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => console.error(agent.output().slice(-6_000)));
  });

  const sh = (command: string) => agent.client.workspaces.exec({ name: "demo", command, timeout: 60_000 });

  test("a server whose key nobody told the worker is not trusted, and the next step is one command", async () => {
    const set = await agent.ws(["credential", "set", "deploy", "--type", "ssh-key", "--host", "127.0.0.1"], {
      stdin: ssh.privateKey,
    });
    expect(set).toMatchObject({ code: 0 });
    const refused = await agent.ws(["start", "demo", "--clone", url]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/is not trusted: its host key is SHA256:\S{43} \(ssh-ed25519\)/);
    const [, fingerprint = ""] = /ws credential set deploy --host-key (SHA256:[^\s']+)/.exec(refused.stderr) ?? [];
    expect(ssh.commands).toEqual([]);
    await agent.ws(["delete", "demo", "--yes"]);
    expect(await agent.ws(["credential", "set", "deploy", "--host-key", fingerprint])).toMatchObject({ code: 0 });
    expect(await agent.client.credentials.list()).toMatchObject([{ name: "deploy", hostKeys: [fingerprint] }]);
  });

  test("it is cloned, worked in and pushed, and the key is nowhere while that goes on", async () => {
    expect(line.length).toBeGreaterThan(60);
    await using sampled = sampleProcesses(line, (pid) => pid === String(process.pid));
    expect(await agent.ws(["start", "demo", "--clone", url])).toMatchObject({ code: 0 });
    expect(await sh("git config remote.origin.url")).toMatchObject({ stdout: `${url}\n` });
    expect(await sh("echo login > login.ts && git add . && git commit -qm 'Add login' && git push")).toMatchObject({
      exitCode: 0,
    });
    expect(await sh("git fetch && git status --short --branch")).toMatchObject({ exitCode: 0 });
    const { branch } = await agent.client.workspaces.get({ name: "demo" });
    expect(await sh(`git ls-remote origin ${branch}`)).toMatchObject({
      stdout: expect.stringContaining("refs/heads/"),
    });
    expect(sampled.hits).toEqual([]);
  });

  test("it lies in no file of the workspace, of the agent but its secrets, and in nothing that the engine tells; no agent's socket is there", async () => {
    const inside = async (command: string, stdin: string): Promise<string[]> => {
      const ran = await agent.ws(["exec", "demo", "--", "bash", "-c", command], { stdin });
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      return ran.stdout.split("\n").filter((found) => found !== "");
    };
    expect(await inside('cat > "$HOME/planted"', line.slice(0, 40))).toEqual([]);
    expect(await inside(searchInside(runtime), line.slice(0, 40))).toEqual([expect.stringMatching(/\/planted$/)]);
    await sh('rm "$HOME/planted"');
    expect(await inside(searchInside(runtime), [...formsOf(line), line.slice(4, 24)].join("\n"))).toEqual([]);
    const held = await filesWith(line, [agent.configDirectory]);
    expect(held.map((path) => path.slice(agent.configDirectory.length + 1))).toEqual(["secrets.json"]);
    expect(agent.output()).not.toContain(line);
    const answers = JSON.stringify([
      await agent.client.workspaces.get({ name: "demo" }),
      await agent.client.credentials.status(),
      await agent.client.audit.list(),
      await agent.client.workspaces.logs({ name: "demo", tail: 10_000 }),
      await sh("env; git config --list --show-origin"),
    ]);
    expect(answers).not.toContain(line);
    expect(await sh('test -z "$SSH_AUTH_SOCK"')).toMatchObject({ exitCode: 0 });
    if (runtime !== "docker") return;
    const { containerId } = await agent.client.workspaces.get({ name: "demo" });
    expect((await docker("inspect", containerId)).join("\n")).not.toContain(line);
  });

  test.each([
    ["another branch", "HEAD:refs/heads/main", /may only push to parallax\//],
    ["a rewritten branch", "+HEAD~1:refs/heads/$(git branch --show-current)", /may not rewrite a branch/],
    ["a deletion", ":refs/heads/$(git branch --show-current)", /may not delete/],
    ["a tag", "HEAD:refs/tags/v1", /may not push tags/],
  ])("%s is refused in words that git shows", async (_, refspec, words) => {
    const refs = async () => (await sh("git ls-remote origin")).stdout;
    const before = await refs();
    const refused = await sh(`git push origin "${refspec}"`);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(words);
    expect(await refs()).toBe(before);
  });

  test("a pull request needs a token, which is said, and is opened once there is one", async () => {
    const finalize = ["finalize", "demo", "--push", "--pr", "--title", "Add login"];
    const refused = await agent.ws(finalize);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/a pull request needs a token of 127\.0\.0\.1.*'deploy' is an SSH key/);
    const token = `${github.token("ada")}\n`;
    expect(await agent.ws(["credential", "set", "api", "--host", "127.0.0.1"], { stdin: token })).toMatchObject({
      code: 0,
    });
    expect(await agent.ws(["credential", "grant", "demo"])).toMatchObject({ code: 0 });
    expect(await agent.ws(finalize)).toMatchObject({ code: 0, stdout: `${github.url}/acme/app/pull/1\n` });
    expect(await agent.client.credentials.status({ name: "demo" })).toMatchObject({
      grants: [{ credential: { name: "deploy", type: "ssh_key" } }],
    });
  });

  test("what was taken back is told to git in words, and the workspace goes with its right", async () => {
    expect(await agent.ws(["credential", "revoke", "demo"])).toMatchObject({ code: 0 });
    expect(await sh("git fetch")).toMatchObject({ stderr: expect.stringMatching(/its grant .* was revoked/) });
    expect(await agent.ws(["delete", "demo", "--yes"])).toMatchObject({ code: 0 });
    expect(await agent.client.credentials.status()).toMatchObject({ grants: [] });
  });
});
