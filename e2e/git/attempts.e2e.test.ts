import { startGitHubServer, type GitHubRepository, type GitHubServer } from "@ws/git-provider/testing";
import { agentStandIn } from "@ws/workspace-core/testing";
import type { WorkspaceEvent } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { expectAgreement } from "../support/agreement.ts";
import { forgeEnvironment, setToken } from "../support/forge.ts";
import { shareAgent } from "../support/share-agent.ts";

let github: GitHubServer;
let repository: GitHubRepository;
let agent: AgentProcess;

/** A coding tool that lies in the repository: it writes which branch it is on and what it was given, and says that it is done. */
const TOOL = {
  WS_AGENTS_DEFAULT: "maker",
  WS_AGENTS_CUSTOM: JSON.stringify({ maker: { argv: ["sh", "maker.sh"], output: "claude" } }),
};
const MAKER = 'git branch --show-current > made.txt\necho "$GIVEN" >> made.txt\nexec node stand-in.js "$@"\n';

shareAgent(async (parts) => {
  github = parts.use(await startGitHubServer());
  repository = await github.repository("acme/fan", { private: true, collaborators: ["ada"] });
  await repository.push("main", { path: "maker.sh", content: MAKER });
  await repository.push("main", { path: "stand-in.js", content: agentStandIn("claude") });
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "docker", ...forgeEnvironment(github), ...TOOL } }));
  await setToken(agent, github, github.token("ada"));
  return agent;
});

const names = async () => (await agent.client.workspaces.list()).map(({ name }) => name).toSorted();

/** Kills the agent in the midst of a command, as soon as it tells of this, and starts it again. */
async function killWhen(heard: (event: WorkspaceEvent) => boolean, command: readonly string[]): Promise<void> {
  const watching = new AbortController();
  const events = await agent.client.workspaces.events({}, { signal: watching.signal });
  const cut = agent.ws(command);
  for await (const event of events) if (heard(event)) break;
  await agent.kill();
  watching.abort();
  expect(await cut).not.toMatchObject({ code: 0 });
  await agent.start();
}

test("a task is tried twice, the attempts are compared, one becomes a pull request and nothing is left of the other", async () => {
  const started = await agent.ws(["start", "demo", "--clone", repository.url, "--env", "GIVEN=handed on"]);
  expect(started).toMatchObject({ code: 0 });
  // The agent is killed as soon as the first attempt is recorded: under its key the same command goes on where that was.
  const fanOut = ["task", "add", "demo", "--fan-out", "2", "--key", "k", "--agent", "Make it so", "--json"];
  await killWhen((event) => event.type === "changed" && event.workspace.name === "demo-1", fanOut);
  const again = await agent.ws(fanOut);
  expect(again).toMatchObject({ code: 0 });
  const { id, attempts } = JSON.parse(again.stdout) as { id: string; attempts: { name: string }[] };
  expect(attempts.map(({ name }) => name)).toEqual(["demo-1", "demo-2"]);
  expect(await names()).toEqual(["demo", "demo-1", "demo-2"]);

  const states = async () => (await agent.client.attempts.show({ id })).attempts.map(({ task }) => task?.status);
  await expect.poll(states, { timeout: 120_000 }).toEqual(["completed", "completed"]);
  expect((await agent.client.tasks.list()).length).toBe(2);
  const compared = await agent.ws(["compare", id]);
  expect(compared.stdout).toMatch(/demo-1\s+completed\s+maker\s+1\s+/);
  expect(compared.stdout).toMatch(/demo-2\s+completed\s+maker\s+1\s+/);
  const { content } = (await agent.client.files.read({ name: "demo-2", path: "made.txt" })) as { content: string };
  const { branch = "" } = await agent.client.workspaces.get({ name: "demo-2" });
  expect(content).toBe(`${branch}\nhanded on\n`);

  // What nobody said anything of is not committed, and nothing is removed.
  const refused = await agent.ws(["compare", id, "--pick", "demo-2"]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/1 file that is not committed: made\.txt/) });
  expect(await names()).toEqual(["demo", "demo-1", "demo-2"]);

  // Killed while it pushes, the next agent goes on with that one, and the same command with the other.
  const pick = ["compare", id, "--pick", "demo-2", "--commit", "Make it", "--title", "Make it so"];
  await killWhen((event) => event.type === "changed" && event.workspace.operationStep === "push", pick);
  await expect.poll(() => repository.pulls.length, { timeout: 60_000 }).toBe(1);
  expect(await names()).toEqual(["demo", "demo-1", "demo-2"]);
  const kept = await agent.ws(pick);
  expect(kept).toMatchObject({
    stdout: `${github.url}/acme/fan/pull/1\n`,
    stderr: expect.stringMatching(/Kept 'demo-1': 1 file that is not committed/),
  });
  // It may be picked still.
  expect((await agent.client.credentials.status({ name: "demo-1" })).grants).not.toEqual([]);
  const picked = await agent.ws(["compare", id, "--pick", "demo-2", "--discard", "--yes"]);
  expect(picked).toMatchObject({ code: 0, stdout: `${github.url}/acme/fan/pull/1\n` });
  expect(picked.stderr).toContain("Removed 'demo-1'.");
  expect(repository.pulls).toMatchObject([{ head: branch, base: "main" }]);
  expect(await names()).toEqual(["demo", "demo-2"]);
  await expectAgreement(agent);
  const left = (await agent.client.attempts.show({ id })).attempts.map(({ name, status }) => [name, status]);
  expect(left).toEqual([
    ["demo-1", "removed"],
    ["demo-2", "running"],
  ]);
  expect((await agent.client.credentials.status({ name: "demo-2" })).grants).not.toEqual([]);
});
