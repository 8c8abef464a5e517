import { startGitServer, type GitServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { engineHoldings, startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { expectRefusal } from "../support/refusal.ts";
import { shareAgent } from "../support/share-agent.ts";

let server: GitServer;
let agent: AgentProcess;
let url: string;

shareAgent(async (parts) => {
  server = parts.use(await startGitServer());
  url = (await server.create("acme/there")).url;
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "docker", WS_GIT_CA: server.caFile } }));
  await agent.ws(["start", "taken"]);
  return agent;
});

test.each([
  [["stop", "take"]],
  [["restart", "take"]],
  [["info", "take"]],
  [["logs", "take"]],
  [["open", "take"]],
  [["rename", "take", "other"]],
  [["delete", "take", "--yes"]],
])("%j of an unknown name names a known one", async (argv) => {
  await expectRefusal(agent, argv, { code: "workspace_not_found", exit: 3, says: /'take'/, next: /'taken'/ });
});

test.each([[["exec", "take", "--", "true"]], [["shell", "take", "-c", "true"]]])(
  "%j of an unknown name has no exit code of a command",
  async (argv) => {
    await expectRefusal(agent, argv, {
      code: "workspace_not_found",
      exit: 125,
      says: /'take'/,
      next: /'taken'|ws list/,
    });
  },
);

test("an illegal name is refused with a legal one", async () => {
  const refusal = { code: "invalid_name", exit: 2, says: /'My Project'/, next: /'my-project'/ };
  await expectRefusal(agent, ["start", "My Project"], refusal);
  await expectRefusal(agent, ["rename", "taken", "My Project"], refusal);
});

test("a taken name is a conflict; the two workspaces stay as they are", async () => {
  await agent.ws(["start", "second"]);
  const before = (await agent.ws(["list", "--json"])).stdout;
  await expectRefusal(agent, ["rename", "second", "taken"], {
    code: "name_taken",
    exit: 4,
    says: /'taken'/,
    next: /\S/,
  });
  expect((await agent.ws(["list", "--json"])).stdout).toBe(before);
  expect(await agent.ws(["delete", "second", "--yes"])).toMatchObject({ code: 0 });
  // The command line starts what is there; the API creates.
  const create = agent.client.workspaces.create({ name: "taken" });
  await expect(create).rejects.toMatchObject({ code: "CONFLICT", data: { code: "name_taken" } });
});

test("a workspace that is there is not made into another one", async () => {
  await expectRefusal(agent, ["start", "taken", "--profile", "agent", "--cpus", "2"], {
    code: "workspace_mismatch",
    exit: 4,
    says: /'taken'.*agent/,
    next: /\S/,
  });
});

test.each(["ext::sh -c id", "--upload-pack=id", "file:///etc", "https://u:p@host/o/r", "ssh://-oProxyCommand=id/x"])(
  "the clone URL %s is refused before anything is made",
  async (given) => {
    await expectRefusal(agent, ["start", "never", `--clone=${given}`], {
      code: "invalid_clone_url",
      exit: 2,
      next: /https:\/\/|ws credential set/,
    });
    expect((await agent.ws(["info", "never"])).code).toBe(3);
  },
);

test.each([
  ["repository_not_found", 3, "a repository that does not exist", /Repository not found: '[^']+nowhere\.git'\.$/],
  ["branch_not_found", 3, "a branch that does not exist", /Branch not found: 'no-such'/],
  ["authentication_failed", 6, "a login that is refused", /Authentication failed for '[^']+closed\.git'/],
  ["repository_unreachable", 5, "a server that is not there", /127\.0\.0\.1:1\/o\/r' cannot be reached: \S/],
] as const)("%s (exit code %d): %s leaves a failed record and nothing else", async (code, exit, _what, says) => {
  const before = await engineHoldings(agent.instance);
  if (code === "authentication_failed") {
    await server.create("acme/closed", { auth: { user: "someone", password: crypto.randomUUID() } });
  }
  const given = {
    repository_not_found: [`--clone=${server.origin}/acme/nowhere.git`],
    branch_not_found: [`--clone=${url}`, "--base=no-such"],
    authentication_failed: [`--clone=${server.origin}/acme/closed.git`],
    repository_unreachable: ["--clone=https://127.0.0.1:1/o/r"],
  }[code];
  await expectRefusal(agent, ["start", "failed", ...given], { code, exit, says, next: /\S/ });
  expect((await agent.ws(["list"])).stdout).toMatch(new RegExp(`failed +error \\(${code}\\)`));
  expect(await engineHoldings(agent.instance)).toEqual(before);
  await expectRefusal(agent, ["exec", "failed", "--", "true"], {
    code: "workspace_not_running",
    exit: 125,
    says: /failed/,
    next: /ws info failed.*ws start failed/,
  });
  expect(await agent.ws(["delete", "failed", "--yes"])).toMatchObject({ code: 0 });
});

test("a failed workspace is made with all that the next start says", async () => {
  expect((await agent.ws(["start", "again", "--clone", `${server.origin}/acme/nowhere.git`])).code).toBe(3);
  const corrected = ["--clone", url, "--branch", "fix", "--memory", "512m", "--ttl", "1h", "--env", "GIVEN=yes"];
  const started = await agent.ws(["start", "again", ...corrected, "--profile", "agent", "--json"]);
  expect(JSON.parse(started.stdout)).toMatchObject({
    status: "running",
    repo: url,
    branch: "fix",
    profile: "agent",
    limits: { memoryBytes: 512 * 1024 ** 2 },
    ttlSeconds: 3_600,
  });
  expect((await agent.ws(["shell", "again", "-c", "echo $GIVEN"])).stdout).toBe("yes\n");
  expect((await agent.ws(["delete", "again", "--yes"])).code).toBe(0);
});

test("an image that cannot be had is named, and nothing stays behind", async () => {
  const before = await engineHoldings(agent.instance);
  await expectRefusal(agent, ["start", "odd", "--image", "no-such-image:ever"], {
    code: "image_not_found",
    exit: 3,
    says: /'no-such-image:ever'/,
    next: /docker pull/,
  });
  expect(await engineHoldings(agent.instance)).toEqual(before);
  await agent.ws(["delete", "odd", "--yes"]);
});
