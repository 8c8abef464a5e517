import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { promisify } from "node:util";
import { startGitHubServer, type GitHubRepository, type GitHubServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { expectAgreement } from "../support/agreement.ts";
import { forgeEnvironment } from "../support/forge.ts";
import { rounds, timeFor } from "../support/rounds.ts";
import { shareAgent } from "../support/share-agent.ts";

const ROUNDS = rounds(1, 12);

let github: GitHubServer;
let repository: GitHubRepository;
let agent: AgentProcess;

shareAgent(async (parts) => {
  github = parts.use(await startGitHubServer());
  repository = await github.repository("acme/app", { private: true });
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const app = github.app({ publicKey });
  github.install(app.id, "acme");
  const asApp = { WS_GITHUB_APP_ID: String(app.id), WS_GITHUB_PRIVATE_KEY: privateKey };
  const env = { WS_RUNTIME: "docker", ...forgeEnvironment(github), ...asApp };
  agent = parts.use(await startAgentProcess({ env }));
  return agent;
});

/** Asks the forge's own repository. */
async function git(...argv: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", ["--git-dir", repository.path ?? "", ...argv]);
  return stdout;
}

/** Kills the agent as soon as it says that a finalize is at this step. */
async function killAt(name: string, step: string, work: () => Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  const events = await agent.client.workspaces.events({ name }, { signal: stop.signal });
  void work().catch(() => undefined);
  let seen = false;
  for await (const event of events) {
    seen = event.type === "changed" && event.workspace.operationStep === step;
    if (seen || event.type === "removed") break;
  }
  await agent.kill();
  stop.abort();
  expect(seen).toBe(true);
}

test.each(["commit", "push", "pull_request", "cleanup"])(
  "killed at the step %s of a finalize, the next agent goes on with it: pushed once, one pull request, cleaned up",
  { timeout: timeFor(ROUNDS) },
  async (step) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `${step.replaceAll("_", "-")}-${round}`;
      await agent.client.workspaces.create({ name, clone: repository.url });
      const { branch = "" } = await agent.client.workspaces.get({ name });
      await agent.client.workspaces.exec({ name, command: "echo done > done.txt" });
      await killAt(name, step, () =>
        agent.client.workspaces.finalize({
          name,
          uncommitted: "commit",
          commitMessage: "Finish",
          push: true,
          pullRequest: { title: name },
          cleanup: true,
        }),
      );
      await agent.start();
      await expect.poll(async () => (await agent.client.workspaces.list()).map((each) => each.name)).toEqual([]);
      await expectAgreement(agent);
      expect(repository.pulls.filter(({ head }) => head === branch)).toMatchObject([{ title: name, state: "open" }]);
      const pushed = ["rev-list", "--count", `main..${branch}`];
      expect((await git(...pushed)).trim()).toBe("1");
      expect(await git("show", `${branch}:done.txt`)).toBe("done\n");
      expect(await agent.client.credentials.status()).toMatchObject({ grants: [] });
    }
  },
);

test.each([
  ["502 after the pull request was made", { kind: "lost", by: "502" }],
  ["the connection cut after it was made", { kind: "lost", by: "cut" }],
  ["401 in the middle", { kind: "unauthorized" }],
] as const)("with %s there is one pull request, and no false success", async (_, fault) => {
  const name = "faulty";
  await agent.client.workspaces.create({ name, clone: repository.url });
  const { branch = "" } = await agent.client.workspaces.get({ name });
  await agent.client.workspaces.exec({ name, command: "git commit -q --allow-empty -m x" });
  github.fault(fault);
  const request = { name, push: true, pullRequest: { title: "Once" } };
  const first = await agent.client.workspaces.finalize(request).catch(() => undefined);
  const second = await agent.client.workspaces.finalize(request);
  expect(second.pullRequest?.number).toBe(first?.pullRequest?.number ?? second.pullRequest?.number);
  expect(repository.pulls.filter(({ head }) => head === branch)).toHaveLength(1);
  await agent.client.workspaces.delete({ name });
});
