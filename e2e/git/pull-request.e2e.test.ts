import { join } from "node:path";
import { startGitHubServer, type GitHubRepository, type GitHubServer } from "@ws/git-provider/testing";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { forgeEnvironment, setToken } from "../support/forge.ts";
import { expectNowhereInside, expectNowhereOnWorker, hearEvents } from "../support/nowhere.ts";
import { expectRefusedPush, REFUSED_PUSHES } from "../support/refused-pushes.ts";
import { shareAgent } from "../support/share-agent.ts";
import { filesWith, formsOf, sampleProcesses } from "../support/token-search.ts";

describe.each(["docker", "local"] as const)("a private repository, on the %s runtime", (runtime) => {
  let github: GitHubServer;
  let repository: GitHubRepository;
  let agent: AgentProcess;
  let token: string;

  shareAgent(async (parts) => {
    github = parts.use(await startGitHubServer());
    repository = await github.repository("acme/next.js", {
      private: true,
      collaborators: ["ada", "bob"],
      teams: ["core"],
    });
    token = github.token("ada");
    agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: runtime, ...forgeEnvironment(github) } }));
    return agent;
  });

  const sh = (command: string) => agent.client.workspaces.exec({ name: "demo", command, timeout: 60_000 });

  test("without a credential it is told what to do, and nothing is left", async () => {
    const refused = await agent.ws(["start", "demo", "--clone", repository.url]);
    expect(refused.stderr).toMatch(/Authentication failed/);
    expect(refused.stderr).toMatch(/ws (?:login github|credential set)/);
    await agent.ws(["delete", "demo", "--yes"]);
  });

  test("CVE-2025-66411: with one it is cloned, worked in and pushed, and the token is nowhere while that goes on", async () => {
    const set = await setToken(agent, github, token);
    expect(set).toMatchObject({ code: 0 });
    expect(set.stdout + set.stderr).not.toContain(token);
    // This process made the token, and gives it to nobody but the one that reads it from its standard input.
    await using sampled = sampleProcesses(token, (pid) => pid === String(process.pid));
    using events = await hearEvents(agent, "demo");
    expect(await agent.ws(["start", "demo", "--clone", repository.url])).toMatchObject({ code: 0 });
    expect(await sh("echo login > login.ts && git add . && git commit -qm 'Add login' && git push")).toMatchObject({
      exitCode: 0,
    });
    expect(await sh("git fetch && git status --short --branch")).toMatchObject({ exitCode: 0 });
    const { branch, baseBranch } = await agent.client.workspaces.get({ name: "demo" });
    expect(baseBranch).toBe("main");
    expect(await sh(`git ls-remote origin ${branch}`)).toMatchObject({
      stdout: expect.stringContaining("refs/heads/"),
    });
    expect(sampled.hits).toEqual([]);
    const heard = events.heard.join("\n");
    expect(heard).toContain("Clone the repository");
    for (const form of formsOf(token)) expect(heard).not.toContain(form);
  });

  test("it commits in the worker's name as long as nobody says another with git config", async () => {
    const author = async (more = ""): Promise<string> =>
      (await sh(`git ${more} var GIT_AUTHOR_IDENT`)).stdout.replace(/ \d+ \S+\n$/, "");
    expect(await author()).toBe("Ada <ada@example.test>");
    expect(await author("-c user.name=Grace")).toBe("Grace <ada@example.test>");
    expect((await sh("git config --global user.name Grace")).exitCode).toBe(0);
    expect(await author()).toBe("Grace <ada@example.test>");
    expect((await sh("git config --global --unset user.name; env | grep -c GIT_AUTHOR")).stdout).toBe("0\n");
  });

  test("CVE-2026-22709: it lies in no file of the workspace, of the agent but its secrets, and in nothing that the engine tells", async () => {
    const shown = await sh(
      "env; git config --list --show-origin; git remote -v; cat .git/config .parallax-credentials",
    );
    expect(shown.stdout).toContain(new URL(repository.url).host);
    expect(shown.stdout + shown.stderr).not.toContain(token.slice(4, 24));
    await expectNowhereInside(agent, "demo", runtime, [...formsOf(token), token.slice(4, 24)]);
    await expectNowhereOnWorker(agent, "demo", token);
  });

  test.each(REFUSED_PUSHES)("CVE-2025-68145: %s is refused in words that git shows", (_, refspec, words) =>
    expectRefusedPush(agent, "demo", refspec, words),
  );

  test("it becomes a pull request from the command line, with what was not committed", async () => {
    await sh("echo more >> login.ts");
    const refused = await agent.ws(["finalize", "demo", "--pr", "--title", "Add login"]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/1 file that is not committed: login\.ts/),
    });
    const done = await agent.ws([
      "finalize",
      "demo",
      "--commit=Say more",
      "--pr",
      "--title=Add login",
      "--body=It works.",
      "--label=feature",
      "--reviewer=bob",
      "--team=core",
    ]);
    expect(done).toMatchObject({ code: 0, stdout: `${github.url}/acme/next.js/pull/1\n` });
    const { branch } = await agent.client.workspaces.get({ name: "demo" });
    expect(repository.pulls).toMatchObject([{ title: "Add login", body: "It works.", head: branch, base: "main" }]);
    expect((await agent.ws(["info", "demo"])).stdout).toMatch(/Pull request\s+#1, open: https:/);
  });

  test("repeating it brings the same pull request up to date", async () => {
    const again = await agent.ws(["finalize", "demo", "--pr", "--title", "Add a login", "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ pullRequest: { number: 1, title: "Add a login", state: "open" } });
    expect(repository.pulls).toHaveLength(1);
  });

  test("work that lies nowhere else keeps it, and its credential ends all the same", async () => {
    await sh("echo unsaved > notes.txt");
    const kept = await agent.ws(["cleanup", "demo"]);
    expect(kept.code).toBe(4);
    expect(kept.stderr).toContain("Kept 'demo': 1 file that is not committed");
    expect(kept.stderr).toContain("ws credential grant demo --renew");
    expect(await sh("git fetch")).toMatchObject({
      exitCode: expect.any(Number),
      stderr: expect.stringMatching(/revoked/),
    });
    expect(await agent.client.credentials.status({ name: "demo" })).toMatchObject({ grants: [] });
    await sh("rm notes.txt");
    expect(await agent.ws(["cleanup", "demo", "--dry-run"])).toMatchObject({
      stdout: expect.stringMatching(/demo\s+removed/),
    });
    expect((await agent.ws(["cleanup", "demo"])).stderr).toContain("Removed 'demo'.");
    expect(await agent.client.workspaces.list()).toEqual([]);
    const decided = (await agent.client.audit.list()).filter(({ action }) => action === "workspaces.clean_up");
    expect(decided).toMatchObject([{ outcome: "ok" }, { outcome: "kept", details: { holder: expect.any(String) } }]);
    expect(await filesWith(token, [join(agent.configDirectory, "state.db")])).toEqual([]);
  });
});
