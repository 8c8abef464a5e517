import { startGitHubServer, startSshGitServer, type GitHubServer, type SshGitServer } from "@ws/git-provider/testing";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { forgeEnvironment } from "../support/forge.ts";
import { expectNowhereInside, expectNowhereOnWorker } from "../support/nowhere.ts";
import { expectRefusedPush, REFUSED_PUSHES } from "../support/refused-pushes.ts";
import { shareAgent } from "../support/share-agent.ts";
import { formsOf, sampleProcesses } from "../support/token-search.ts";

describe.each(["docker", "local"] as const)("a repository that is reached by ssh, on the %s runtime", (runtime) => {
  let github: GitHubServer;
  let ssh: SshGitServer;
  let agent: AgentProcess;
  let url: string;
  /** A line of the key, which stands in every form of it. */
  let line: string;

  shareAgent(async (parts) => {
    github = parts.use(await startGitHubServer());
    const repository = await github.repository("acme/app", { private: true, collaborators: ["ada"] });
    ssh = parts.use(await startSshGitServer({ root: repository.path?.replace(/\/acme\/app\.git$/, "") ?? "" }));
    url = ssh.url("/acme/app.git");
    line = ssh.privateKey.split("\n")[4] ?? "";
    const env = { WS_RUNTIME: runtime, WS_GIT_KNOWN_HOSTS: "/nonexistent", ...forgeEnvironment(github) };
    agent = parts.use(await startAgentProcess({ env }));
    return agent;
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
    await expectNowhereInside(agent, "demo", runtime, [...formsOf(line), line.slice(4, 24)]);
    await expectNowhereOnWorker(agent, "demo", line);
    const shown = await sh("env; git config --list --show-origin");
    expect(shown.stdout).toContain("remote.origin.url");
    expect(shown.stdout + shown.stderr).not.toContain(line);
    expect(await sh('test -z "$SSH_AUTH_SOCK"')).toMatchObject({ exitCode: 0 });
  });

  test.each(REFUSED_PUSHES)("%s is refused in words that git shows", (_, refspec, words) =>
    expectRefusedPush(agent, "demo", refspec, words),
  );

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
